namespace Passerelle.Lab.Identity;

/// <summary>One AADSTS error before it is put on the wire.</summary>
/// <param name="Code">The number behind AADSTS.</param>
/// <param name="Error">The OAuth <c>error</c> value.</param>
/// <param name="Text">Message without number and trailer (facts §2).</param>
/// <param name="Status">401 for bad client credentials only, else 400 (facts §12).</param>
/// <param name="Claims">A conditional access challenge as JSON, which the client repeats at authorize.</param>
internal sealed record StsError(int Code, string Error, string Text, int Status = 400, string? Suberror = null, string? Claims = null)
{
    /// <summary>The ids that let a caller and an admin speak about the same failure.</summary>
    public string Describe(StsTrace trace) =>
        $"AADSTS{Code}: {Text} Trace ID: {trace.TraceId} Correlation ID: {trace.CorrelationId} Timestamp: {trace.Timestamp}";
}

/// <param name="Timestamp">Lab time as <c>yyyy-MM-dd HH:mm:ssZ</c>.</param>
internal sealed record StsTrace(Guid TraceId, Guid CorrelationId, string Timestamp)
{
    /// <summary>The correlation id is the caller's <c>client-request-id</c> when it sent one, in header or query.</summary>
    public static StsTrace Of(HttpRequest request, TimeProvider time)
    {
        DateTimeOffset now = time.GetUtcNow();
        var sent = request.Headers["client-request-id"].FirstOrDefault() ?? request.Query["client-request-id"].FirstOrDefault();
        return new StsTrace(
            Guid.CreateVersion7(now),
            Guid.TryParse(sent, out Guid id) ? id : Guid.CreateVersion7(now),
            now.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
    }
}
