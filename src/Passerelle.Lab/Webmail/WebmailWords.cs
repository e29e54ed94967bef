using Passerelle.Lab.Sites;

namespace Passerelle.Lab.Webmail;

internal static class WebmailWords
{
    public static readonly Word Webmail = new("Webmail", "Messagerie web");
    public static readonly Word ChoosePerson = new("Whose mail do you want to see?", "De qui voulez-vous voir les messages ?");
    public static readonly Word NobodyYet = new("Nobody has mail in this lab yet.", "Personne n’a encore de messagerie dans ce laboratoire.");
    public static readonly Word Customers = new("Customers outside", "Clients externes");
    public static readonly Word Mailboxes = new("Mailboxes", "Boîtes aux lettres");
    public static readonly Word Inbox = new("Inbox", "Boîte de réception");
    public static readonly Word SentItems = new("Sent Items", "Éléments envoyés");
    public static readonly Word Junk = new("Junk Email", "Courrier indésirable");
    public static readonly Word Deleted = new("Deleted Items", "Éléments supprimés");
    public static readonly Word Folders = new("Folders", "Dossiers");
    public static readonly Word Empty = new("Nothing here. This page looks again every few seconds.", "Rien ici. Cette page se met à jour toutes les quelques secondes.");
    public static readonly Word From = new("From", "De");
    public static readonly Word WritingAs = new("From:", "De :");
    public static readonly Word To = new("To", "À");
    public static readonly Word Subject = new("Subject", "Objet");
    public static readonly Word NoSubject = new("(no subject)", "(sans objet)");
    public static readonly Word Received = new("Received (UTC)", "Reçu (UTC)");
    public static readonly Word Write = new("New message", "Nouveau message");
    public static readonly Word Answer = new("Reply", "Répondre");
    public static readonly Word Text = new("Text", "Texte");
    public static readonly Word Send = new("Send", "Envoyer");
    public static readonly Word Several = new("Separate several addresses with commas.", "Séparez plusieurs adresses par des virgules.");
    public static readonly Word CannotSend = new("Each recipient must be a plain address such as ann@adatum.example.", "Chaque destinataire doit être une simple adresse comme ann@adatum.example.");
    public static readonly Word Stale = new("This form is too old. Please send it again.", "Ce formulaire est trop ancien. Veuillez l’envoyer de nouveau.");
    public static readonly Word Message = new("Message", "Message");
    public static readonly Word Attachments = new("Attachments", "Pièces jointes");
    public static readonly Word Details = new("Threading and authentication headers", "En-têtes de fil et d’authentification");
    public static readonly Word AllHeaders = new("All headers", "Tous les en-têtes");
    public static readonly Word Choose = new("Select a message to read it here.", "Sélectionnez un message pour le lire ici.");
}
