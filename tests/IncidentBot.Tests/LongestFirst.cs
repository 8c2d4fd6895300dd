using Xunit.Abstractions;

[assembly: TestCollectionOrderer("IncidentBot.Tests.LongestFirst", "IncidentBot.Tests")]

namespace IncidentBot.Tests;

/// <summary>Starts what runs for minutes at the beginning, so that it does not go on alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = [nameof(Operations.TransferTests), nameof(Process.KillTests), nameof(Behaviour), nameof(Process), nameof(Operations)];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(c => Array.FindIndex(Long, l => c.DisplayName.Contains($".{l}", StringComparison.Ordinal)) is >= 0 and var at ? at : Long.Length);
}
