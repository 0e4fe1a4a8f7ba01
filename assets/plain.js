// On pages without Dash: the choice of light or dark that is kept for all pages, questions before what ends something,
// and forms that are sent once and say that they are at work.
(function () {
    function keptTheme() { try { return window.localStorage.getItem("theme"); } catch (refused) { return null; } }
    const theme = keptTheme() || (window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    document.documentElement.setAttribute("data-bs-theme", theme);
    document.addEventListener("click", function (event) {
        if (!event.target.matches || !event.target.matches("[data-switches-theme]")) { return; }
        const other = document.documentElement.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
        document.documentElement.setAttribute("data-bs-theme", other);
        try { window.localStorage.setItem("theme", other); } catch (refused) { /* then it lasts for this page */ }
    });
    document.addEventListener("submit", function (event) {
        const question = event.submitter && event.submitter.dataset.ask;
        if (question && !window.confirm(question)) { event.preventDefault(); }
    });

    let underWay = null;
    function rest() {
        if (!underWay) { return; }
        underWay.end();
        underWay.button.removeAttribute("aria-busy");
        underWay.button.replaceChildren(...underWay.words);
        underWay = null;
    }
    window.addEventListener("submit", function (event) {  // after all others: one of them may send the form by itself
        const button = event.submitter, form = event.target;
        if (event.defaultPrevented || form.method !== "post" || form.dataset.stays === "here") { return; }
        if (underWay) { event.preventDefault(); return; }
        if (!button || button.tagName !== "BUTTON") { return; }
        const words = [...button.childNodes];
        window.setTimeout(function () {  // after the browser has read what the button says of itself
            button.replaceChildren("Working …");
            button.setAttribute("aria-busy", "true");
        });
        underWay = { button: button, words: words, end: window.waiting("Working …", function () { window.stop(); rest(); }) };
    });
    window.addEventListener("pageshow", rest);  // the browser's back button shows the page as it was left
})();
