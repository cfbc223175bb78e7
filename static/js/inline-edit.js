// Editing in place: the field is focused, Enter saves (Ctrl+Enter where a text has lines), Esc leaves.
// Not before htmx knows the new buttons: whoever types at once may press Esc at once.
document.addEventListener("htmx:afterSettle", (event) => {
  const place = event.target.closest?.(".inline-edit");
  if (!place) return;
  const first = place.querySelector(".edit-form [name=value], .edit-conflict button, button");
  first?.focus();
  if (first?.select) first.select();
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.(".inline-edit form");
  if (!form) return;
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    form.querySelector("[data-cancel]").click();
  } else if (event.key === "Enter" && event.target.matches("textarea") && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});
