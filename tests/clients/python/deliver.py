"""smtplib hands a mail to a server on loopback: port, sender, recipient, file."""
import smtplib
import ssl
import sys

port, sender, to, file = sys.argv[1:]
trusting = ssl.create_default_context()
trusting.check_hostname = False
trusting.verify_mode = ssl.CERT_NONE  # the receiver's certificate is its own, as on every public MX
with open(file, "rb") as mail, smtplib.SMTP("127.0.0.1", int(port), "sender.fabrikam.example", timeout=60) as smtp:
    smtp.starttls(context=trusting)
    smtp.sendmail(sender, [to], mail.read(), ["BODY=8BITMIME"])
