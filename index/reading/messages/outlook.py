"""The reader of Outlook messages (.msg): bytes -> Reading. The only file that imports oxmsg."""

from __future__ import annotations

from email.message import EmailMessage
from typing import TYPE_CHECKING

from index.reading.blocks import Reading, one_line
from index.reading.messages.mail import ReadPart, read_mail

if TYPE_CHECKING:
    from oxmsg import Message

HEAD = ("From", "To", "Cc", "Date", "Subject")


def read_outlook(data: bytes, read: ReadPart) -> Reading:
    """The message with its head and its attachments, as any other mail is read."""
    from oxmsg import Message

    return read_mail(bytes(_as_mail(Message.load(data))), read)


def _as_mail(message: Message) -> EmailMessage:
    mail = EmailMessage()
    for name, value in _head(message).items():
        if value:
            mail[name] = one_line(value)
    mail.set_content(message.body or "")
    if page := message.html_body:
        mail.add_alternative(page, subtype="html")
    for attachment in message.attachments:
        kind, _, subkind = (attachment.mime_type or "application/octet-stream").partition("/")
        mail.add_attachment(
            attachment.file_bytes or b"",
            maintype=kind,
            subtype=subkind or "octet-stream",
            filename=attachment.file_name or "",
        )
    return mail


def _head(message: Message) -> dict[str, str | None]:
    """What was sent with it, or else what Outlook keeps of it."""
    sent = {name.title(): value for name, value in message.message_headers.items()}
    to = ", ".join(f"{one.name} <{one.email_address}>" for one in message.recipients)
    when = message.sent_date
    kept = {
        "From": message.sender,
        "To": to,
        "Date": when.strftime("%a, %d %b %Y %H:%M:%S +0000") if when else None,
        "Subject": message.subject,
    }
    return {name: sent.get(name) or kept.get(name) for name in HEAD}
