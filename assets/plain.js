// On pages without Dash: the choice of light or dark that was made on the others, and questions before what ends something.
(function () {
    let theme = null;
    try { theme = window.localStorage.getItem("theme"); } catch (refused) { /* private windows may refuse */ }
    theme = theme || (window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    document.documentElement.setAttribute("data-bs-theme", theme);
    document.addEventListener("submit", function (event) {
        const question = event.submitter && event.submitter.dataset.ask;
        if (question && !window.confirm(question)) { event.preventDefault(); }
    });
})();
