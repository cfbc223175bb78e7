// Client page: while the hero is out of sight a slim bar says whose page it is.
const hero = document.getElementById("hero");
const bar = document.getElementById("id-bar");
new IntersectionObserver(([seen]) => {
  bar.hidden = seen.isIntersecting;
}, { rootMargin: "-100px 0px 0px" }).observe(hero);
