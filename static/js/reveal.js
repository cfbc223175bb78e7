// A revealed value is hidden after its time, also when the network is away: the words go first, then the mask comes.
document.addEventListener("htmx:load", (event) => {
  const piece = event.target.matches?.("[data-hide-after]") ? event.target : event.target.querySelector?.("[data-hide-after]");
  if (!piece) return;
  setTimeout(() => hide(piece), Number(piece.dataset.hideAfter) * 1000);
});

// A page that comes back from the browser's memory shows nothing that was revealed before.
window.addEventListener("pagehide", () => document.querySelectorAll("[data-hide-after]").forEach(hide));

function hide(piece) {
  if (!piece.isConnected) return;
  const place = piece.closest(".reveal");
  const plain = piece.querySelector("[data-plain]");
  plain.textContent = "•••";
  plain.removeAttribute("href");
  plain.removeAttribute("aria-label");
  htmx.ajax("GET", piece.dataset.masked, { target: place, swap: "innerHTML" });
}
