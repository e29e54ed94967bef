"""What Python's email reads in the letters of a folder: one JSON list, in the order of the files."""
import email
import email.policy
import hashlib
import json
import os


def parties(field):
    return [[one.display_name, one.addr_spec] for one in field.addresses] if field else []


def read(path):
    with open(path, "rb") as file:
        mail = email.message_from_binary_file(file, policy=email.policy.default)
    files = [part for part in mail.walk() if not part.is_multipart() and part.get_content_disposition()]
    bodies = {kind: part.get_content() if (part := mail.get_body((kind,))) else None for kind in ("plain", "html")}
    return {
        "subject": mail["subject"],
        "messageId": mail["message-id"],
        "date": int(mail["date"].datetime.timestamp()),
        "from": parties(mail["from"]),
        "to": parties(mail["to"]),
        "cc": parties(mail["cc"]),
        "replyTo": parties(mail["reply-to"]),
        "text": bodies["plain"],
        "html": bodies["html"],
        "files": [
            [part.get_filename(), part.get_content_type(), hashlib.sha256(part.get_payload(decode=True)).hexdigest(), (part["content-id"] or "").strip("<>")]
            for part in files
        ],
        "defects": [str(defect) for part in mail.walk() for defect in part.defects],
    }


folder = os.environ["LETTERS"]
print(json.dumps([read(os.path.join(folder, name)) for name in sorted(os.listdir(folder))]))
