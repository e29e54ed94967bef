namespace Passerelle.Dev.Corpora;

/// <param name="Threshold">0 to 1: the share of the cases that must come out right.</param>
internal sealed record CorpusRow(string Folder, string Field, int Passed, int Total, double Threshold)
{
    public bool IsReached => Total > 0 && Passed >= Threshold * Total;
}
