// The calendar: a task is moved by dragging it to another day, or by Alt and an arrow key while it has the focus.
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
let dragged = null;

function move(item, day) {
  window.htmx.ajax("POST", item.dataset.move, { values: { day }, swap: "none" });
}

function moved(day, days) {
  const date = new Date(`${day}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-move]") ?? null;
});
document.addEventListener("dragover", (event) => {
  const cell = event.target.closest?.("[data-day]");
  if (!dragged || !cell) return;
  event.preventDefault();
  cell.classList.add("drop");
});
document.addEventListener("dragleave", (event) => event.target.closest?.("[data-day]")?.classList.remove("drop"));
document.addEventListener("dragend", () => {
  dragged = null;
  document.querySelectorAll(".drop").forEach((cell) => cell.classList.remove("drop"));
});
document.addEventListener("drop", (event) => {
  const cell = event.target.closest?.("[data-day]");
  if (!dragged || !cell) return;
  event.preventDefault();
  if (cell !== dragged.closest("[data-day]")) move(dragged, cell.dataset.day);
});

// After the move the calendar comes anew; the task keeps the focus, so that it can be moved on.
let follow = "";
document.addEventListener("keydown", (event) => {
  const item = event.target.closest?.("[data-move]");
  if (!item || !event.altKey || !(event.key in STEPS)) return;
  event.preventDefault();
  follow = item.dataset.move;
  move(item, moved(item.closest("[data-day]").dataset.day, STEPS[event.key]));
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (!follow || event.target.id !== "calendar") return;
  document.querySelector(`[data-move="${CSS.escape(follow)}"]`)?.focus();
  follow = "";
});
