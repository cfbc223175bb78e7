// Cases: countdowns every second, and the board, where cards move by dragging or by the arrow keys.
const english = document.documentElement.lang.startsWith("en");

function words(seconds) {
  const left = Math.abs(seconds);
  const days = Math.floor(left / 86400);
  const clock = [Math.floor((left % 86400) / 3600), Math.floor((left % 3600) / 60), Math.floor(left % 60)]
    .map((part) => String(part).padStart(2, "0")).join(":");
  const whole = days ? `${days}${english ? "d" : "天"} ${clock}` : clock;
  return seconds < 0 ? `−${whole}` : whole;
}

function count() {
  const now = Date.now();
  for (const element of document.querySelectorAll("[data-due]")) {
    element.title ||= element.textContent;
    const seconds = Math.round((new Date(element.dataset.due) - now) / 1000);
    element.textContent = words(seconds);
    element.classList.toggle("over", seconds < 0);
    element.classList.toggle("soon", seconds >= 0 && seconds < 3600);
  }
}

if (document.querySelector("[data-due]")) {
  count();
  setInterval(count, 1000);
}

const board = document.querySelector("[data-board][data-works]");
const ways = board ? JSON.parse(document.getElementById("case-ways").textContent) : {};
const token = document.querySelector('meta[name="csrf-token"]').content;

function say(text, level) {
  document.getElementById("board-said").textContent = text;
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, level } }));
}

async function move(card, column) {
  const from = card.closest("[data-state]");
  if (!column || from === column) return;
  if (!ways[from.dataset.state].includes(column.dataset.state)) return;
  if (column.dataset.state === "resolved") {
    location.href = `${card.querySelector("a").getAttribute("href")}#state`; // what came out has to be said
    return;
  }
  card.classList.add("moving");
  const body = new URLSearchParams({ state: column.dataset.state, version: card.dataset.version });
  const answer = await fetch(card.dataset.url, {
    method: "POST", body, headers: { "X-CSRFToken": token, "X-Board": "1" },
  }).catch(() => null);
  card.classList.remove("moving");
  if (!answer || !answer.ok) {
    say((answer && answer.status === 409 && await answer.text()) || document.getElementById("toasts").dataset.error, "error");
    return;
  }
  card.dataset.version = Number(card.dataset.version) + 1;
  column.querySelector(".board-empty")?.remove();
  column.querySelector(".board-cards").prepend(card);
  for (const one of [from, column]) {
    one.querySelector(".badge").textContent = one.querySelectorAll(".board-card").length;
  }
  say(column.querySelector("h2").firstChild.textContent.trim(), "success");
  card.querySelector("a").focus();
}

if (board) {
  let held = null;
  board.addEventListener("dragstart", (event) => {
    held = event.target.closest(".board-card");
    event.dataTransfer.effectAllowed = "move";
  });
  board.addEventListener("dragover", (event) => {
    const column = event.target.closest("[data-state]");
    if (!held || !column) return;
    if (!ways[held.closest("[data-state]").dataset.state].includes(column.dataset.state)) return;
    event.preventDefault();
    column.classList.add("over");
  });
  board.addEventListener("dragleave", (event) => event.target.closest("[data-state]")?.classList.remove("over"));
  board.addEventListener("drop", (event) => {
    event.preventDefault();
    const column = event.target.closest("[data-state]");
    column?.classList.remove("over");
    if (held) move(held, column);
    held = null;
  });
  board.addEventListener("keydown", (event) => {
    const card = event.target.closest(".board-card");
    if (!card || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    event.preventDefault();
    const columns = [...board.querySelectorAll("[data-state]")];
    const step = event.key === "ArrowRight" ? 1 : -1;
    const state = card.closest("[data-state]").dataset.state;
    let place = columns.findIndex((one) => one.dataset.state === state) + step;
    while (columns[place] && !ways[state].includes(columns[place].dataset.state)) place += step;
    move(card, columns[place]);
  });
}

// Words of articles go into the note at the cursor.
const note = document.querySelector("#note-form textarea");
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (!button || !note) return;
  note.setRangeText(button.dataset.insert, note.selectionStart, note.selectionEnd, "end");
  note.dispatchEvent(new Event("input", { bubbles: true }));
  note.focus();
});
document.addEventListener("htmx:load", () => {
  document.getElementById("suggested-articles")?.classList.toggle("cannot-insert", !note);
});
