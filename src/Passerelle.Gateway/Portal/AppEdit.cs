using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Portal;

/// <summary>The form while a person types into it.</summary>
internal sealed class AppEdit(EmailApp app, Preset preset)
{
    /// <summary>What the row held when the person began, or when it was last kept: what both sides' changes are counted from.</summary>
    private EmailApp _opened = app;

    /// <summary>Version the form was opened with; a save of somebody else in between is noticed.</summary>
    public long SeenVersion => _opened.Version;
    public AppForm Form { get; private set; } = AppForm.Of(app);
    public IReadOnlyList<FieldProblem> Problems { get; private set; } = [];
    public bool HasSecret => _opened.ClientSecret is not null;
    public bool HasPassword => _opened.Password is not null;
    public bool IsMicrosoft => Preset.IsMicrosoft(Form.Preset);

    /// <summary>The provider's name settles server and addresses.</summary>
    public bool IsFilled => Preset.IsFilled(Form.Preset);
    public bool IsOAuth => Form.Authentication == AppForm.OAuth2;

    /// <summary>What the chosen way takes as a proof.</summary>
    public IReadOnlyList<string> Proofs => Form.Way == Ways.DeviceCode
        ? [Apps.Proofs.None, Apps.Proofs.Secret, Apps.Proofs.Certificate, Apps.Proofs.Federated]
        : [Apps.Proofs.Secret, Apps.Proofs.Certificate, Apps.Proofs.Federated];

    /// <summary>What somebody else stored meanwhile; null while nobody did. Nothing is kept or saved until the person has chosen.</summary>
    public EmailApp? Theirs { get; private set; }

    /// <summary>Field by field what the other one changed.</summary>
    public IReadOnlyList<FieldChange> TheirChanges => Theirs is null
        ? []
        : [.. AppChanges.Between(_opened, Theirs).Where(change => AppChanges.Names.Contains(change.Field))];

    /// <summary>What this person typed since, field by field.</summary>
    public IReadOnlyList<FieldChange> OwnChanges => AppChanges.Between(AppForm.Of(_opened), Form);

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
    public void Kept(EmailApp draft) => _opened = draft;

    public void Refuse(IReadOnlyList<FieldProblem> problems) => Problems = problems;

    /// <summary>Somebody else was faster.</summary>
    public void Overtaken(EmailApp current) => (Theirs, Problems) = (current, []);

    /// <summary>The fields that this person touched go over theirs; all others become theirs.</summary>
    public void PutOver()
    {
        if (Theirs is not { } theirs) return;
        Form = preset.Fill(AppChanges.Rebase(AppForm.Of(_opened), Form, AppForm.Of(theirs)));
        (_opened, Theirs) = (theirs, null);
    }

    /// <summary>The store holds these values now.</summary>
    public void Take(EmailApp stored)
    {
        (_opened, Theirs, Problems) = (stored, null, []);
        Form = AppForm.Of(stored);
    }

    public FieldProblem? ProblemOf(string field) => Problems.FirstOrDefault(problem => problem.Field == field);
}
