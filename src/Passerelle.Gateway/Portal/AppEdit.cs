using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Portal;

/// <summary>The form while a person types into it.</summary>
internal sealed class AppEdit(EmailApp app, Preset preset)
{
    /// <summary>Version the form was opened with; a save of somebody else in between is noticed.</summary>
    public long SeenVersion { get; private set; } = app.Version;
    public AppForm Form { get; private set; } = AppForm.Of(app);
    public IReadOnlyList<FieldProblem> Problems { get; private set; } = [];
    public bool HasSecret { get; private set; } = app.ClientSecret is not null;
    public bool HasPassword { get; private set; } = app.Password is not null;
    public bool IsMicrosoft => Form.Preset == Preset.Microsoft365;
    public bool IsOAuth => Form.Authentication == AppForm.OAuth2;

    /// <summary>What the chosen way takes as a proof.</summary>
    public IReadOnlyList<string> Proofs => Form.Way == Ways.DeviceCode
        ? [Apps.Proofs.None, Apps.Proofs.Secret, Apps.Proofs.Certificate, Apps.Proofs.Federated]
        : [Apps.Proofs.Secret, Apps.Proofs.Certificate, Apps.Proofs.Federated];

    /// <summary>True when all that keeps the form from being saved are warnings.</summary>
    public bool OnlyWarnings => Problems.Count > 0 && Problems.All(problem => problem.IsWarning);

    /// <summary>One field has changed; the preset fills what it determines.</summary>
    public void Change(Func<AppForm, AppForm> change)
    {
        var before = Form;
        Form = preset.Fill(change(Form));
        if (Form.EmailId != before.EmailId && (before.UserName.Length == 0 || before.UserName == before.EmailId))
        {
            Form = Form with { UserName = Form.EmailId }; // Exchange signs in as the mailbox
        }
        if (Form.EmailId != before.EmailId && (before.AssetName.Length == 0 || before.AssetName == before.EmailId))
        {
            Form = Form with { AssetName = Form.EmailId }; // a name until somebody gives another
        }
        Form = (before.Way, Form.Way, Form.Proof) switch
        {
            (not Ways.DeviceCode, Ways.DeviceCode, Apps.Proofs.Secret) when !HasSecret && Form.ClientSecret.Length == 0 => Form with { Proof = Apps.Proofs.None }, // as Microsoft has it: a public client
            (_, not Ways.DeviceCode, Apps.Proofs.None) => Form with { Proof = Apps.Proofs.Secret }, // nobody else takes one
            _ => Form,
        };
    }

    /// <summary>The draft's row holds what was typed; the fields stay as they are.</summary>
    public void Kept(EmailApp draft)
    {
        SeenVersion = draft.Version;
        HasSecret = draft.ClientSecret is not null;
        HasPassword = draft.Password is not null;
    }

    public void Refuse(IReadOnlyList<FieldProblem> problems) => Problems = problems;

    /// <summary>The store holds these values now.</summary>
    public void Take(EmailApp stored)
    {
        SeenVersion = stored.Version;
        Form = AppForm.Of(stored);
        Problems = [];
        HasSecret = stored.ClientSecret is not null;
        HasPassword = stored.Password is not null;
    }

    public FieldProblem? ProblemOf(string field) => Problems.FirstOrDefault(problem => problem.Field == field);
}
