// Passkeys: a form with data-passkey (get or create) asks the browser for one and is sent with its answer.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const spelled = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));
const ANSWERS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

function options(asked) {
  const wanted = { ...asked, challenge: bytes(asked.challenge) };
  if (asked.user) wanted.user = { ...asked.user, id: bytes(asked.user.id) };
  if (asked.excludeCredentials) wanted.excludeCredentials = known(asked.excludeCredentials);
  if (asked.allowCredentials) wanted.allowCredentials = known(asked.allowCredentials);
  return wanted;
}

function told(credential) {
  const response = {};
  for (const name of ANSWERS) if (credential.response[name]) response[name] = spelled(credential.response[name]);
  return JSON.stringify({ id: credential.id, rawId: spelled(credential.rawId), type: credential.type, response, clientExtensionResults: credential.getClientExtensionResults() });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const answer = form.querySelector("[data-passkey-answer]");
  const failed = form.querySelector("[data-passkey-failed]");
  form.addEventListener("submit", async (event) => {
    if (answer.value) return;
    event.preventDefault();
    failed.hidden = true;
    try {
      const publicKey = options(JSON.parse(form.dataset.asked));
      answer.value = told(await navigator.credentials[form.dataset.passkey]({ publicKey }));
      form.requestSubmit();
    } catch {
      failed.hidden = false;
    }
  });
  window.addEventListener("pageshow", () => { answer.value = ""; });
}
