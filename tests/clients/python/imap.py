"""imaplib with XOAUTH2: finds one mail by its subject, reads and marks it."""
import email
import imaplib
import json
import os
import ssl

at = os.environ
try:
    tls = ssl.create_default_context(cafile=at["LAB_CA"])
    with imaplib.IMAP4_SSL("localhost", int(at["LAB_IMAP_PORT"]), ssl_context=tls, timeout=30) as box:
        box.authenticate("XOAUTH2", lambda _: f"user={at['LAB_MAILBOX']}\1auth=Bearer {at['LAB_TOKEN']}\1\1".encode())
        _, count = box.select("INBOX")
        _, found = box.uid("SEARCH", "SUBJECT", '"To imaplib"')
        uid = found[0].decode()
        _, parts = box.uid("FETCH", uid, "(RFC822)")
        letter = email.message_from_bytes(parts[0][1])
        box.uid("STORE", uid, "+FLAGS", "(\\Flagged)")
        _, flags = box.uid("FETCH", uid, "(FLAGS)")
        print(json.dumps({"count": count[0].decode(), "subject": letter["Subject"], "text": letter.get_payload(decode=True).decode().strip(),
                          "flags": sorted(flag.decode() for flag in imaplib.ParseFlags(flags[0]))}), flush=True)
except imaplib.IMAP4.error as error:
    print(json.dumps({"name": type(error).__name__, "text": str(error)}), flush=True)
