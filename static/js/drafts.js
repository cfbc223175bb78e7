// Keeps what is typed in form[data-draft="key"] for this tab, until the form is sent or signed out.
const PREFIX = "draft:";
const FIELDS = "input[name]:not([type=hidden]):not([type=password]):not([type=file]), textarea[name], select[name]";

function restore(form) {
  const kept = JSON.parse(sessionStorage.getItem(PREFIX + form.dataset.draft) ?? "null");
  if (!kept) return;
  form.querySelectorAll(FIELDS).forEach((field) => {
    if (field.name in kept && !field.value) field.value = kept[field.name];
  });
}

function keep(form) {
  const typed = [...form.querySelectorAll(FIELDS)].map((field) => [field.name, field.value]);
  sessionStorage.setItem(PREFIX + form.dataset.draft, JSON.stringify(Object.fromEntries(typed)));
}

function all(root) {
  return [...(root.matches?.("form[data-draft]") ? [root] : []), ...root.querySelectorAll("form[data-draft]")];
}

all(document).forEach(restore);
document.addEventListener("htmx:load", (event) => all(event.target).forEach(restore));
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (form) keep(form);
});
// the form that was sent may have left the page by now: the answer takes its place
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.requestConfig.elt.closest?.("form[data-draft]");
  if (form && event.detail.successful && event.detail.requestConfig.verb !== "get") forget(form);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-draft]") && !form.hasAttribute("hx-post")) forget(form);
  if (form.matches("[data-sign-out]")) sessionStorage.clear();
});

function forget(form) {
  sessionStorage.removeItem(PREFIX + form.dataset.draft);
}
