// Ctrl+K: one box for clients, pages and actions. The server finds; this moves the choice.
const palette = document.getElementById("palette");
const input = document.getElementById("palette-input");
const list = document.getElementById("palette-list");

function open() {
  if (palette.open) return;
  palette.showModal();
  input.select();
  window.htmx.trigger(input, "palette-open");
}

function options() {
  return [...list.querySelectorAll("a[role=option]")];
}

function choose(option) {
  options().forEach((one) => one.setAttribute("aria-selected", String(one === option)));
  input.setAttribute("aria-activedescendant", option?.id ?? "");
  option?.scrollIntoView({ block: "nearest" });
}

function move(step) {
  const all = options();
  const now = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (all.length) choose(all[(now + step + all.length) % all.length]);
}

document.addEventListener("keydown", (event) => {
  const field = event.target.closest("input, textarea, select");
  const slash = event.key === "/" && !field && !document.querySelector("dialog[open]");
  if (((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") || slash) {
    event.preventDefault();
    open();
  }
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-palette]")) open();
});
input.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "ArrowDown") move(1);
  else if (event.key === "ArrowUp") move(-1);
  else if (event.key === "Enter") list.querySelector('[aria-selected="true"]')?.click();
  else return;
  event.preventDefault();
});
list.addEventListener("htmx:afterSwap", () => choose(options()[0]));
