using System.Net;
using System.Net.Sockets;

namespace Passerelle.Mail.Verdicts.Spf;

/// <summary>One run of check_host() (RFC 7208 §4) with its limits, which are shared by all includes and redirects of it.</summary>
/// <param name="first">Ip, sender, helo; its domain is the one that is asked first.</param>
internal sealed class SpfEvaluation(IDns dns, SpfMacroValues first, CancellationToken cancel)
{
    private const int MostQuestions = 10;
    private const int MostVoid = 2;
    private const int MostExchangers = 10;
    private int _questions, _void;

    /// <summary>Set by a fail whose domain explains itself.</summary>
    public string? Explanation { get; private set; }

    public async Task<SpfResult> RunAsync()
    {
        try
        {
            Judged judged = await CheckAsync(first.Domain);
            if (judged is { Result: SpfResult.Fail, Record.Explanation: { } name }) Explanation = await ExplainAsync(name, judged.Domain);
            return judged.Result;
        }
        catch (Ended ended)
        {
            return ended.Result;
        }
    }

    private async Task<Judged> CheckAsync(string domain)
    {
        if (!DomainNames.CanExist(domain) || !domain.Contains('.')) return new(SpfResult.None, null, domain);
        List<string> found = [.. (await AskAsync(() => dns.TxtAsync(domain, cancel))).Where(SpfRecord.IsOne)];
        if (found.Count == 0) return new(SpfResult.None, null, domain);
        if (found.Count > 1 || SpfRecord.Parse(found[0]) is not { } record) throw new Ended(SpfResult.PermError);

        foreach (SpfDirective directive in record.Directives)
            if (await MatchesAsync(directive, domain)) return new(directive.Then, record, domain);
        return record.Redirect is { } elsewhere ? await RedirectAsync(elsewhere, domain) : new(SpfResult.Neutral, record, domain);
    }

    /// <summary>§6.1: the other domain's answer is the answer, its explanation too.</summary>
    private async Task<Judged> RedirectAsync(string spec, string domain)
    {
        Count();
        Judged judged = await CheckAsync(await ExpandAsync(spec, domain));
        return judged.Result is SpfResult.None ? throw new Ended(SpfResult.PermError) : judged;
    }

    private async Task<bool> MatchesAsync(SpfDirective directive, string domain)
    {
        if (directive.Asks) Count();
        string target = directive.DomainSpec is { } spec ? await ExpandAsync(spec, domain) : domain;
        return directive.Mechanism switch
        {
            SpfMechanism.All => true,
            SpfMechanism.Ip4 or SpfMechanism.Ip6 => IsWithin(directive.Network!, directive), // the parser gives those two a network
            SpfMechanism.Include => await IncludeAsync(target),
            SpfMechanism.A => (await AddressesAsync(target)).Any(address => IsWithin(address, directive)),
            SpfMechanism.Mx => await MxAsync(target, directive),
            SpfMechanism.Exists => (await LookAsync(target, () => dns.AddressesAsync(target, AddressFamily.InterNetwork, cancel))).Count > 0,
            _ => await PtrAsync(target),
        };
    }

    /// <summary>§5.2.</summary>
    private async Task<bool> IncludeAsync(string target) => (await CheckAsync(target)).Result switch
    {
        SpfResult.Pass => true,
        SpfResult.None => throw new Ended(SpfResult.PermError),
        _ => false,
    };

    /// <summary>§5.4.</summary>
    private async Task<bool> MxAsync(string target, SpfDirective directive)
    {
        IReadOnlyList<string> exchangers = await LookAsync(target, () => dns.MailExchangersAsync(target, cancel));
        if (exchangers.Count > MostExchangers) throw new Ended(SpfResult.PermError); // §4.6.4
        foreach (string exchanger in exchangers)
            if ((await AddressesAsync(exchanger.TrimEnd('.'))).Any(address => IsWithin(address, directive))) return true;
        return false;
    }

    /// <summary>§5.5. An error means no match.</summary>
    private async Task<bool> PtrAsync(string target)
    {
        try
        {
            return (await ConfirmedNames.OfAsync(dns, first.Ip, name => DomainNames.IsSameOrBelow(name, target), cancel)).Count > 0;
        }
        catch (Exception) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    private Task<IReadOnlyList<IPAddress>> AddressesAsync(string name) =>
        LookAsync(name, () => dns.AddressesAsync(name, first.Ip.AddressFamily, cancel));

    private bool IsWithin(IPAddress network, SpfDirective directive) =>
        network.AddressFamily == first.Ip.AddressFamily && StartsAlike(
            network.GetAddressBytes(), first.Ip.GetAddressBytes(), network.AddressFamily is AddressFamily.InterNetwork ? directive.Prefix4 : directive.Prefix6);

    private static bool StartsAlike(byte[] one, byte[] other, int bits)
    {
        int whole = bits / 8, rest = bits % 8;
        return one.AsSpan(0, whole).SequenceEqual(other.AsSpan(0, whole)) && (rest == 0 || (one[whole] ^ other[whole]) >> (8 - rest) == 0);
    }

    /// <summary>§6.2: whatever goes wrong with it, the result stands.</summary>
    private async Task<string?> ExplainAsync(string spec, string domain)
    {
        try
        {
            string name = await ExpandAsync(spec, domain);
            if (!DomainNames.CanExist(name) || await dns.TxtAsync(name, cancel) is not [var text] || !SpfMacro.IsValid(text, inExplanation: true)) return null;
            return SpfMacro.Expand(text, await ValuesAsync(text, domain));
        }
        catch (Exception) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>A name to ask for: at most 253 characters, cut from the left by whole labels (§7.3).</summary>
    private async Task<string> ExpandAsync(string spec, string domain)
    {
        string name = SpfMacro.Expand(spec, await ValuesAsync(spec, domain)).TrimEnd('.');
        while (name.Length > 253 && name.IndexOf('.') is >= 0 and var dot) name = name[(dot + 1)..];
        return name;
    }

    private async Task<SpfMacroValues> ValuesAsync(string text, string domain)
    {
        SpfMacroValues values = first with { Domain = domain };
        return SpfMacro.Uses(text, 'p') ? values with { ValidatedName = await ValidatedNameAsync(domain) } : values;
    }

    /// <summary>§7.3: the domain itself, else a name below it, else any.</summary>
    private async Task<string> ValidatedNameAsync(string domain)
    {
        try
        {
            IReadOnlyList<string> names = await ConfirmedNames.OfAsync(dns, first.Ip, static _ => true, cancel);
            return names.FirstOrDefault(name => DomainNames.Same(name, domain))
                ?? names.FirstOrDefault(name => DomainNames.IsSameOrBelow(name, domain))
                ?? names.FirstOrDefault("unknown");
        }
        catch (Exception) when (!cancel.IsCancellationRequested)
        {
            return "unknown";
        }
    }

    private void Count()
    {
        if (++_questions > MostQuestions) throw new Ended(SpfResult.PermError);
    }

    /// <summary>A lookup of a mechanism: an empty answer is counted (§4.6.4). A name that the DNS cannot hold does not exist (§4.8).</summary>
    private async Task<IReadOnlyList<T>> LookAsync<T>(string name, Func<Task<IReadOnlyList<T>>> ask)
    {
        IReadOnlyList<T> answer = DomainNames.CanExist(name) ? await AskAsync(ask) : [];
        if (answer.Count == 0 && ++_void > MostVoid) throw new Ended(SpfResult.PermError);
        return answer;
    }

    private async Task<IReadOnlyList<T>> AskAsync<T>(Func<Task<IReadOnlyList<T>>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception) when (!cancel.IsCancellationRequested)
        {
            throw new Ended(SpfResult.TempError);
        }
    }

    /// <param name="Record">That decided; null without one.</param>
    private readonly record struct Judged(SpfResult Result, SpfRecord? Record, string Domain);

    /// <summary>Ends the evaluation from any depth.</summary>
    private sealed class Ended(SpfResult result) : Exception
    {
        public SpfResult Result => result;
    }
}
