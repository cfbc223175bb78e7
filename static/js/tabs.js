// Tabs: [role=tablist] with [role=tab aria-controls]; arrows move, panels show one at a time.
function select(tab, focus) {
  const tabs = [...tab.closest("[role=tablist]").querySelectorAll("[role=tab]")];
  for (const one of tabs) {
    const chosen = one === tab;
    one.setAttribute("aria-selected", String(chosen));
    one.tabIndex = chosen ? 0 : -1;
    document.getElementById(one.getAttribute("aria-controls")).hidden = !chosen;
  }
  if (focus) tab.focus();
  tab.dispatchEvent(new CustomEvent("tab-shown", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest("[role=tab][aria-controls]");
  if (tab) select(tab, false);
});
document.addEventListener("keydown", (event) => {
  const tab = event.target.closest?.("[role=tab][aria-controls]");
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!tab || !step) return;
  const tabs = [...tab.closest("[role=tablist]").querySelectorAll("[role=tab]")];
  select(tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length], true);
});
