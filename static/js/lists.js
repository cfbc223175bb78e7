// Choosing rows of a list: boxes, shift for a stretch, x for the row that pointer or focus came to last, the page,
// or everything that matches. What is chosen stays from page to page while the filters stay.
const bar = document.querySelector("[data-bulk]");
const chosen = new Set();
let everything = false;
let filters = body().dataset.filterQuery;
let last = null; // the box that was changed last
let here = null; // the row that pointer or focus came to last

function body() {
  return document.getElementById(bar.dataset.bulk);
}

function boxes() {
  return [...body().querySelectorAll("[data-pick]")];
}

function say(words, count) {
  return words.replace("{count}", count);
}

function choose(box, on) {
  if (on) chosen.add(box.value);
  else chosen.delete(box.value);
}

function clear() {
  chosen.clear();
  everything = false;
}

function show() {
  const page = boxes();
  for (const box of page) {
    box.checked = everything || chosen.has(box.value);
    box.closest("tr").classList.toggle("chosen", box.checked);
  }
  const checked = page.filter((box) => box.checked).length;
  const head = body().querySelector("[data-pick-page]");
  if (head) {
    head.checked = page.length > 0 && checked === page.length;
    head.indeterminate = checked > 0 && checked < page.length;
  }
  showBar();
}

function showBar() {
  const { count, query } = body().dataset;
  const status = bar.querySelector("[data-chosen]");
  const all = bar.querySelector("[data-pick-all]");
  bar.hidden = !everything && chosen.size === 0;
  status.textContent = everything ? say(status.dataset.all, count) : say(status.dataset.some, chosen.size);
  all.textContent = say(all.dataset.words, count);
  all.hidden = everything;
  bar.elements.ids.value = everything ? "" : [...chosen].join(",");
  bar.elements.everything.value = everything ? "1" : "";
  bar.elements.query.value = query;
}

// one box, or with shift all between it and the one before
function toggled(box, stretch) {
  const page = boxes();
  const from = page.indexOf(last);
  const to = page.indexOf(box);
  if (everything) page.forEach((one) => choose(one, one !== box));
  else if (stretch && from >= 0) page.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((one) => choose(one, box.checked));
  else choose(box, box.checked);
  everything = false;
  last = box;
  show();
}

document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest(selector);
  if (at("[data-pick]")) toggled(at("[data-pick]"), event.shiftKey);
  else if (at("[data-pick-page]")) {
    everything = false;
    boxes().forEach((box) => choose(box, at("[data-pick-page]").checked));
    show();
  } else if (at("[data-pick-all]")) {
    everything = true;
    show();
  } else if (at("[data-pick-none]")) {
    clear();
    show();
  }
});

for (const came of ["pointerover", "focusin"]) {
  document.addEventListener(came, (event) => {
    here = event.target.closest?.("tbody tr") ?? here;
  });
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (event.key !== "x" || typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const box = here?.isConnected ? here.querySelector("[data-pick]") : null;
  if (!box) return;
  box.checked = !box.checked;
  toggled(box, false);
});

document.addEventListener("htmx:load", () => {
  if (body().dataset.filterQuery !== filters) clear();
  filters = body().dataset.filterQuery;
  last = null;
  show();
});
window.addEventListener("pageshow", show);
show();
