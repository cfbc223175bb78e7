// A call session by keyboard: a digit answers the current question and goes on, letters say how the call went.
// Without questions the digits are left to the buttons.
const form = document.querySelector("[data-session]");
const all = form ? [...form.querySelectorAll(".question")] : [];
const answered = (question) => {
  const text = question.querySelector("input:not([type=radio])");
  return text ? text.value.trim() !== "" : question.querySelector("input:checked") !== null;
};
const writes = (element) => element.matches("textarea, select, input:not([type=radio])");
let current = null;

function setCurrent(question, focus = true) {
  current = question;
  all.forEach((one) => one.classList.toggle("current", one === question));
  if (!question || !focus) return;
  const text = question.querySelector("input:not([type=radio])");
  (text ?? question).focus({ preventScroll: true });
  question.scrollIntoView({ block: "center", behavior: "auto" });
}

function goOn(question) {
  const next = all.slice(all.indexOf(question) + 1).find((one) => !answered(one));
  if (next) return setCurrent(next);
  setCurrent(null);
  document.activeElement.blur();
}

function mark() {
  let found = false;
  all.forEach((question) => {
    const wrong = question.querySelector("input:checked[data-exception]") !== null;
    question.classList.toggle("is-exception", wrong);
    found ||= wrong;
  });
  form.classList.toggle("has-exception", found);
}

function byDigit(event) {
  const choice = current?.querySelectorAll("input[type=radio]")[Number(event.key) - 1];
  if (!choice) return;
  event.preventDefault();
  choice.checked = true;
  choice.dispatchEvent(new Event("input", { bubbles: true }));
  goOn(current);
}

function byArrow(event) {
  const at = all.indexOf(current) + (event.key === "ArrowDown" ? 1 : -1);
  if (!all[at]) return;
  event.preventDefault();
  setCurrent(all[at]);
}

function onKey(event) {
  const target = event.target;
  if (event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.querySelector(".outcomes .primary")?.click();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter" && target.closest(".question")) {
    event.preventDefault(); // goes on instead of saving half
    goOn(target.closest(".question"));
    return;
  }
  if (event.key === "Escape" && form.contains(target)) target.blur();
  if (writes(target)) return;
  if (/^[1-9]$/.test(event.key)) byDigit(event);
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (!target.matches("input[type=radio]")) byArrow(event);
  } else if (target.matches("input[type=radio]")) {
    const button = form.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!button) return;
    event.preventDefault(); // the shell leaves letters to fields
    if (button.matches("textarea")) button.focus();
    else button.click();
  }
}

if (form) {
  document.addEventListener("keydown", onKey);
  form.addEventListener("input", mark);
  form.addEventListener("focusin", (event) => {
    const question = event.target.closest(".question");
    if (question && question !== current) setCurrent(question, false);
  });
  mark();
  const wrong = form.querySelector(".question .errorlist")?.closest(".question");
  setCurrent(wrong ?? all.find((one) => !answered(one)) ?? null);
}
