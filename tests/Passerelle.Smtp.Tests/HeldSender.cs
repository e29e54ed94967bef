namespace Passerelle.Smtp.Tests;

/// <summary>Answers MAIL only when the test lets it.</summary>
internal sealed class HeldSender : AcceptAll, ISmtpService
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void LetGo() => _released.TrySetResult();

    async ValueTask<SmtpReply> ISmtpService.OnMailAsync(SmtpSession session, MailFrom mail, CancellationToken cancel)
    {
        await _released.Task.WaitAsync(cancel);
        return await OnMailAsync(session, mail, cancel);
    }
}
