// Passkeys, on the pages of signing in: asks the browser to make or use one and sends what it gives with the form.
// Nothing happens on a page without such a form.
(function () {
    const form = document.querySelector("form[data-passkey]");
    if (!form) { return; }
    const waits = form.querySelector("[data-passkey-waits]");
    const failed = form.querySelector("[data-passkey-failed]");
    const button = form.querySelector("button");

    function bytes(text) {
        const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
        return Uint8Array.from(plain, sign => sign.charCodeAt(0));
    }

    function text(buffer) {
        if (!buffer) { return null; }
        const plain = Array.from(new Uint8Array(buffer), byte => String.fromCharCode(byte)).join("");
        return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
    }

    function named(keys) {
        return (keys || []).map(key => Object.assign({}, key, { id: bytes(key.id) }));
    }

    async function make(options) {
        options.challenge = bytes(options.challenge);
        options.user.id = bytes(options.user.id);
        options.excludeCredentials = named(options.excludeCredentials);
        const made = await navigator.credentials.create({ publicKey: options });
        const transports = made.response.getTransports ? made.response.getTransports() : [];
        return written(made, {
            attestationObject: text(made.response.attestationObject), transports: transports
        });
    }

    async function use(options) {
        options.challenge = bytes(options.challenge);
        options.allowCredentials = named(options.allowCredentials);
        const used = await navigator.credentials.get({ publicKey: options });
        return written(used, {
            authenticatorData: text(used.response.authenticatorData),
            signature: text(used.response.signature),
            userHandle: text(used.response.userHandle)
        });
    }

    function written(credential, response) {
        response.clientDataJSON = text(credential.response.clientDataJSON);
        return JSON.stringify({
            id: credential.id, rawId: text(credential.rawId), type: credential.type, response: response
        });
    }

    async function ask() {
        const options = JSON.parse(form.dataset.options);
        waits.hidden = false;
        failed.hidden = true;
        button.disabled = true;
        try {
            const credential = form.dataset.passkey === "create" ? await make(options) : await use(options);
            form.elements.credential.value = credential;
            form.submit();
        } catch (refused) {  // stopped by the person, too late, or not offered here
            waits.hidden = true;
            failed.hidden = false;
            button.disabled = false;
            button.focus();
        }
    }

    form.addEventListener("submit", event => { event.preventDefault(); ask(); });
    ask();
})();
