// The composer of a conversation: canned replies by button or by "/code " while typing, Ctrl+Enter sends.
// Words of articles go into the composer, or where there is none into the summary of the wrap-up.
const composer = document.querySelector("[data-composer]");
const said = () => document.getElementById("said");

function put(field, words, from, to) {
  field.setRangeText(words, from, to, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

function typed() {
  const before = composer.value.slice(0, composer.selectionStart);
  const code = before.match(/(?:^|\s)\/(\S+)\s$/)?.[1];
  const reply = code && document.querySelector(`[data-code="${CSS.escape(code)}"]`);
  if (reply) put(composer, reply.dataset.insert, before.length - code.length - 2, before.length);
}

if (composer) {
  composer.addEventListener("input", typed);
  composer.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    composer.form.requestSubmit();
  });
}

const summary = () => document.querySelector("#wrap-up [name=summary]");
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  const field = composer ?? summary();
  if (!button || !field) return;
  put(field, button.dataset.insert, field.selectionStart, field.selectionEnd);
  const menu = button.closest("details");
  if (menu) menu.open = false;
});
document.addEventListener("htmx:load", () => {
  const place = document.getElementById("article-place");
  if (place) place.value = composer ? "answer" : "wrap_up";
  const field = composer ?? summary();
  document.getElementById("suggested-articles")?.classList.toggle("cannot-insert", !field);
});

function toEnd() {
  const words = said();
  if (words) words.scrollTop = words.scrollHeight;
}

toEnd();
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "said" || event.detail.elt?.id === "said") toEnd();
});
