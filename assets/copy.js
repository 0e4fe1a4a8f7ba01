// Addresses for a mail program: choose whose, copy with one button. Without this script the text can be marked and copied.
(function () {
    document.querySelectorAll("[data-fills]").forEach(function (choice) {
        const text = document.getElementById(choice.dataset.fills);
        choice.hidden = false;
        choice.addEventListener("change", function () { text.value = choice.value; });
    });
    document.querySelectorAll("[data-copies]").forEach(function (button) {
        const text = document.getElementById(button.dataset.copies);
        const told = document.getElementById(button.dataset.copies + "-copied");
        button.hidden = false;
        button.addEventListener("click", function () {
            text.select();
            const copied = navigator.clipboard ? navigator.clipboard.writeText(text.value) : Promise.reject(new Error());
            copied.then(
                function () { told.textContent = "Copied."; },
                function () { told.textContent = "The text is marked: copy it with the keyboard."; }
            );
        });
    });
})();
