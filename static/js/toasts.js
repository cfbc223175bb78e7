// Toasts: from the page, from `toast` events (HX-Trigger: {"toast": {"text", "level", "undo"}}). Gone after 6 s
// unless the pointer or focus is on them; errors stay until closed.
const STAY = 6000;
const region = document.getElementById("toasts");

function leave(toast) {
  if (toast.classList.contains("error")) return;
  let timer;
  const start = () => { timer = setTimeout(() => toast.remove(), STAY); };
  const hold = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("focusout", start);
  start();
}

function show({ text, level, undo }) {
  const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  toast.querySelector("span").textContent = text;
  toast.classList.toggle("error", level === "error");
  const button = toast.querySelector(".link");
  if (undo) {
    button.hidden = false;
    button.addEventListener("click", () => {
      window.htmx.ajax("POST", undo, { swap: "none" });
      toast.remove();
    });
  }
  region.append(toast);
  leave(toast);
}

region?.querySelectorAll("[data-toast]").forEach(leave);
region?.addEventListener("click", (event) => {
  if (event.target.closest(".close")) event.target.closest("[data-toast]").remove();
});
document.addEventListener("toast", (event) => {
  const detail = event.detail;
  (Array.isArray(detail.list) ? detail.list : [detail]).forEach(show);
});
