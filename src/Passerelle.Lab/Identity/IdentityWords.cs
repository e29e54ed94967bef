using Passerelle.Lab.Sites;

namespace Passerelle.Lab.Identity;

internal static class IdentityWords
{
    public static readonly Word SignIn = new("Sign in", "Se connecter");
    public static readonly Word SignInTo = new("to continue to {0} ({1})", "pour continuer vers {0} ({1})");
    public static readonly Word Address = new("Email address", "Adresse e-mail");
    public static readonly Word Password = new("Password", "Mot de passe");
    public static readonly Word Next = new("Next", "Suivant");
    public static readonly Word NoSuchAccount = new("We couldn't find an account with that address.", "Aucun compte ne correspond à cette adresse.");
    public static readonly Word PermissionsRequested = new("Permissions requested", "Autorisations demandées");
    public static readonly Word Unverified = new("unverified", "non vérifié");
    public static readonly Word AppWouldLike = new("This application would like to:", "Cette application souhaite :");
    public static readonly Word OnBehalf = new("Consent on behalf of your organization", "Consentir au nom de votre organisation");
    public static readonly Word Accept = new("Accept", "Accepter");
    public static readonly Word NeedApproval = new("Need admin approval", "Approbation de l'administrateur nécessaire");
    public static readonly Word ApprovalText = new(
        "{0} needs permission to access resources in your organization that only an admin can grant. Please ask an admin to grant permission to this app before you can use it.",
        "{0} a besoin, pour accéder à des ressources de votre organisation, d'une autorisation que seul un administrateur peut accorder. Demandez à un administrateur d'accorder cette autorisation avant d'utiliser l'application.");
    public static readonly Word ReturnWithout = new(
        "Return to the application without granting consent", "Revenir à l'application sans accorder de consentement");
    public static readonly Word Trouble = new("Sorry, but we're having trouble signing you in.", "Désolé, nous ne parvenons pas à vous connecter.");
    public static readonly Word Details = new("Troubleshooting details", "Détails de résolution des problèmes");
    public static readonly Word Stale = new(
        "This page was open for too long. Go back to the application and start again.",
        "Cette page est restée ouverte trop longtemps. Revenez à l'application et recommencez.");
    public static readonly Word SignedOut = new("You signed out of your account", "Vous êtes déconnecté de votre compte");
    public static readonly Word CloseWindow = new("It's a good idea to close all browser windows.", "Il est conseillé de fermer toutes les fenêtres du navigateur.");
    public static readonly Word Stay = new("Stay signed in", "Rester connecté");
    public static readonly Word MoreInformation = new("More information required", "Informations supplémentaires requises");
    public static readonly Word EnrollText = new(
        "Your organization needs more information to keep your account secure.",
        "Votre organisation a besoin d'informations supplémentaires pour protéger votre compte.");
    public static readonly Word ApproveSignIn = new("Approve sign in request", "Approuver la demande de connexion");
    public static readonly Word Approve = new("Approve", "Approuver");
    public static readonly Word Deny = new("Deny", "Refuser");
    public static readonly Word EnterCode = new("Enter code", "Entrer le code");
    public static readonly Word EnterCodeText = new(
        "Enter the code displayed on your app or device.", "Entrez le code affiché sur votre application ou votre appareil.");
    public static readonly Word Code = new("Code", "Code");
    public static readonly Word DeviceDone = new(
        "You have signed in on your device. You may now close this window.",
        "Vous êtes connecté sur votre appareil. Vous pouvez fermer cette fenêtre.");
    public static readonly Word DeviceDeclined = new("You have cancelled the sign-in on your device.", "Vous avez annulé la connexion sur votre appareil.");
    public static readonly Word LookUp = new("Look up an error", "Rechercher une erreur");
    public static readonly Word ErrorCode = new("Error code", "Code d'erreur");
    public static readonly Word NoSuchCode = new("This code is not in the catalogue.", "Ce code ne figure pas au catalogue.");
    public static readonly Word Step = new("Step", "Étape");
}
