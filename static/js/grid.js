// A table of fields: arrows and Enter move, a block from a spreadsheet is pasted from the focused cell on.
// Only changed cells are sent.
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function cells(form) {
  return [...form.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("input")]);
}

function placeOf(rows, input) {
  const row = rows.findIndex((inputs) => inputs.includes(input));
  return [row, row < 0 ? -1 : rows[row].indexOf(input)];
}

function mark(form) {
  let count = 0;
  for (const input of form.querySelectorAll("tbody input")) {
    const changed = input.value.trim() !== input.dataset.was;
    input.classList.toggle("changed", changed);
    count += changed;
  }
  const output = form.querySelector("[data-count]");
  output.value = count ? `${count} ${output.dataset.words}` : "";
}

function stays(event) {
  // inside a text the arrows to the side move the caret until it stands at the end
  const { selectionStart: start, selectionEnd: end, value } = event.target;
  if (event.key === "ArrowLeft") return start !== 0 || end !== 0;
  return event.key === "ArrowRight" && end !== value.length;
}

function move(event, form) {
  const step = STEPS[event.key];
  if (!step || event.altKey || event.ctrlKey || event.metaKey || stays(event)) return;
  const rows = cells(form);
  const [row, column] = placeOf(rows, event.target);
  const back = event.key === "Enter" && event.shiftKey ? -1 : 1;
  const next = rows[row + step[0] * back]?.[column + step[1]];
  event.preventDefault();
  next?.focus();
  next?.select();
}

function paste(event, form) {
  const text = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "");
  if (!/[\t\n]/.test(text)) return;
  event.preventDefault();
  const rows = cells(form);
  const [row, column] = placeOf(rows, event.target);
  text.split("\n").forEach((line, down) => {
    line.split("\t").forEach((value, right) => {
      const input = rows[row + down]?.[column + right];
      if (input) input.value = value.trim();
    });
  });
  mark(form);
}

for (const form of document.querySelectorAll("form[data-grid]")) {
  form.addEventListener("keydown", (event) => event.target.matches("tbody input") && move(event, form));
  form.addEventListener("paste", (event) => event.target.matches("tbody input") && paste(event, form));
  form.addEventListener("input", () => mark(form));
  form.addEventListener("submit", () => {
    for (const input of form.querySelectorAll("tbody input:not(.changed)")) input.disabled = true;
  });
  window.addEventListener("pageshow", () => {
    for (const input of form.querySelectorAll("tbody input")) input.disabled = false;
    mark(form);
  });
  mark(form);
}
