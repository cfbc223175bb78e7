// The composer of a conversation: canned replies by button or by "/code " while typing, Ctrl+Enter sends.
const composer = document.querySelector("[data-composer]");
const said = () => document.getElementById("said");

function put(words, from, to) {
  composer.setRangeText(words, from, to, "end");
  composer.dispatchEvent(new Event("input", { bubbles: true }));
  composer.focus();
}

function typed() {
  const before = composer.value.slice(0, composer.selectionStart);
  const code = before.match(/(?:^|\s)\/(\S+)\s$/)?.[1];
  const reply = code && document.querySelector(`[data-code="${CSS.escape(code)}"]`);
  if (reply) put(reply.dataset.insert, before.length - code.length - 2, before.length);
}

if (composer) {
  composer.addEventListener("input", typed);
  composer.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    composer.form.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (!button) return;
    put(button.dataset.insert, composer.selectionStart, composer.selectionEnd);
    button.closest("details").open = false;
  });
}

function toEnd() {
  const words = said();
  if (words) words.scrollTop = words.scrollHeight;
}

toEnd();
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "said" || event.detail.elt?.id === "said") toEnd();
});
