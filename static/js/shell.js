// Shell: rail behind a button on small screens, menus, dialogs, colours, row height, single-key commands.
const root = document.documentElement;
const rail = document.getElementById("rail");

function setRail(open) {
  rail.classList.toggle("open", open);
  document.querySelector("[data-rail]").setAttribute("aria-expanded", String(open));
  document.querySelector(".rail-shade")?.remove();
  if (!open) return;
  const shade = document.createElement("button");
  shade.className = "rail-shade";
  shade.tabIndex = -1;
  shade.setAttribute("aria-hidden", "true");
  shade.addEventListener("click", () => setRail(false));
  document.body.append(shade);
  rail.querySelector("a").focus();
}

function closeMenus(except) {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
}

function remember(name, value) {
  document.cookie = `${name}=${value};path=/;max-age=31536000;samesite=lax${location.protocol === "https:" ? ";secure" : ""}`;
}

function press(group, button) {
  group.querySelectorAll("[aria-pressed]").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
}

document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest(selector);
  closeMenus(at("details.menu"));
  if (at("[data-rail]")) setRail(!rail.classList.contains("open"));
  if (at("[data-open]")) document.getElementById(at("[data-open]").dataset.open).showModal();
  if (at("[data-close]")) at("dialog").close();
  if (event.target instanceof HTMLDialogElement) event.target.close();
  if (at("[data-print]")) window.print();
  if (at("[data-filters]")) {
    const open = at(".filters").classList.toggle("open");
    at("[data-filters]").setAttribute("aria-expanded", String(open));
  }
  const density = at("button[data-density]");
  if (density) {
    root.dataset.density = density.dataset.density;
    remember("density", density.dataset.density);
    press(density.parentElement, density);
  }
});

// Colours change at once; the choice is sent along, so that the next page comes in them.
const MEDIA = { dark: "screen", light: "not all", auto: "screen and (prefers-color-scheme: dark)" };
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-theme-form]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  const theme = event.submitter.value;
  const body = new FormData(form);
  body.set("theme", theme);
  fetch(form.action, { method: "POST", body, redirect: "manual" });
  root.dataset.theme = theme;
  document.getElementById("dark-colours").media = MEDIA[theme];
  press(form, event.submitter);
  closeMenus();
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

document.addEventListener("dialog-done", () => {
  document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
});

const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    closeMenus();
    if (rail?.classList.contains("open")) setRail(false);
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
    const form = event.target.form ?? event.target.closest("form"); // a field may belong to a form beside it
    if (form?.matches("[data-draft]")) form.requestSubmit(); // what is written is saved without the mouse
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const key = CSS.escape(event.key.toLowerCase());
  const target = [...document.querySelectorAll(`[data-key="${key}"]`)].at(-1); // the page's own before the shell's
  if (!target) return;
  event.preventDefault();
  if (target.matches("input, textarea, select")) target.focus();
  else target.click();
});
