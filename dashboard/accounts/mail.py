"""Mails with links to choose a password, by the server that MAIL_SERVER names. Without one nothing is sent."""

import ipaddress
import logging
import smtplib
import ssl
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from typing import Any, Final
from urllib.parse import urlsplit

import flask
from flask import current_app
from flask_security import MailUtil

log = logging.getLogger(__name__)

_PATIENCE: Final = 10
"""Seconds that a mail server may take to answer."""


class Mail(MailUtil):  # type: ignore[misc]
    """Sends what Flask-Security writes, as plain text, while whoever asked for it is answered already.

    How long an answer takes must not tell whether there was anybody to write to, and no transaction waits for a mail
    server.
    """

    def __init__(self, app: flask.Flask) -> None:
        super().__init__(app)
        self.postman = ThreadPoolExecutor(1, "mail")

    def normalize(self, email: str) -> str:
        """An address as accounts hold it."""
        return str(super().normalize(email.strip())).lower()

    def validate(self, email: str) -> str:
        """The same; whether its domain takes mail is not looked up."""
        return str(super().validate(email.strip())).lower()

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str,
        sender: str,
        body: str | None,
        html: str | None,
        **kwargs: Any,
    ) -> None:
        """Send one mail, soon."""
        address: str = current_app.config["MAIL_ADDRESS"]
        if not address:
            return
        message = EmailMessage()
        message["Subject"], message["From"], message["To"] = str(subject), str(sender), recipient
        message.set_content(body or "")
        self.postman.submit(_send, address, message)


def _send(address: str, message: EmailMessage) -> None:
    """An address that the server refuses is the log's business, not the visitor's.

    A link to a password crosses no network in plain: a server elsewhere must offer TLS, with a certificate of its name.
    """
    try:
        where = urlsplit(f"//{address}")
        host = where.hostname or ""
        with smtplib.SMTP(host, where.port or 25, timeout=_PATIENCE) as server:
            if not _is_here(host):
                server.ehlo_or_helo_if_needed()
                if not server.has_extn("starttls"):
                    log.error("a mail could not be sent by %s: it offers no TLS (STARTTLS)", address)
                    return
                server.starttls(context=ssl.create_default_context())
            server.send_message(message)
    except (OSError, ValueError) as error:  # its words may name the address
        log.error("a mail could not be sent by %s: %s", address, type(error).__name__)


def _is_here(host: str) -> bool:
    """Whether a mail server is this computer."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
