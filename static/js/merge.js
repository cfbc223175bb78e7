// Join of two records: "Take" puts one record's value into the result.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-take]");
  if (!button) return;
  const field = document.getElementById(button.dataset.into);
  field.value = button.dataset.take;
  field.focus();
});
