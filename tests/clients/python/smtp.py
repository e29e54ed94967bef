"""smtplib with XOAUTH2, as the vendor's page describes the string."""
import json
import os
import smtplib
import ssl
from email.message import EmailMessage

at = os.environ
letter = EmailMessage()
letter["From"], letter["To"], letter["Subject"] = at["LAB_MAILBOX"], at["LAB_CUSTOMER"], "From smtplib"
letter.set_content("Hello")
try:
    with smtplib.SMTP("localhost", int(at["LAB_SMTP_PORT"]), timeout=30) as smtp:
        smtp.starttls(context=ssl.create_default_context(cafile=at["LAB_CA"]))
        smtp.ehlo()
        code, text = smtp.auth(
            "XOAUTH2", lambda challenge=None: f"user={at['LAB_MAILBOX']}\1auth=Bearer {at['LAB_TOKEN']}\1\1")
        refused = smtp.send_message(letter)
        print(json.dumps({"auth": f"{code} {text.decode()}", "refused": refused}), flush=True)
except smtplib.SMTPAuthenticationError as error:
    print(json.dumps({"name": type(error).__name__, "code": error.smtp_code, "text": error.smtp_error.decode()}), flush=True)
