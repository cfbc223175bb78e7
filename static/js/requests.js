// htmx requests: CSRF header, clean URLs, and words for what went wrong.
const token = document.querySelector('meta[name="csrf-token"]').content;

document.addEventListener("htmx:configRequest", (event) => {
  const { verb, headers, parameters, elt } = event.detail;
  if (verb !== "get") headers["X-CSRFToken"] = token;
  if (elt.matches?.("[data-skip-empty]")) dropEmpty(parameters);
});

function dropEmpty(parameters) {
  for (const name of new Set(Object.keys(parameters))) {
    const values = [parameters[name]].flat().filter((value) => value !== "");
    if (values.length === 0) delete parameters[name];
  }
}

function say(kind) {
  const words = document.getElementById("toasts")?.dataset[kind];
  if (words) document.dispatchEvent(new CustomEvent("toast", { detail: { text: words, level: "error" } }));
}

document.addEventListener("htmx:sendError", () => say("offline"));
document.addEventListener("htmx:timeout", () => say("offline"));
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (status === 401) say("signedOut");
  else say(status === 403 || status === 404 ? "refused" : "error");
});
document.addEventListener("htmx:afterRequest", (event) => {
  event.detail.elt.closest?.("[aria-busy]")?.removeAttribute("aria-busy");
});

// A sign-in page in place of a panel means that the session is over.
document.addEventListener("htmx:beforeSwap", (event) => {
  // a conflict or a limit that brings its own piece of the page (core/fragments.py)
  if (event.detail.xhr.getResponseHeader("X-Fragment") !== null) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
    return;
  }
  if (event.detail.xhr.getResponseHeader("X-Sign-In") !== null || isWholePage(event.detail)) {
    event.detail.shouldSwap = false;
    say("signedOut");
  }
});

function isWholePage(detail) {
  return !detail.boosted && detail.target !== document.body && /^\s*<!doctype/i.test(detail.serverResponse ?? "");
}
