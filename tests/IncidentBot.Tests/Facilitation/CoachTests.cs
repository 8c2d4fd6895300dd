using System.Text.Json;
using IncidentBot.Core.Facilitation.Coach;
using IncidentBot.Fakes;

namespace IncidentBot.Tests.Facilitation;

/// <summary>The coach hears what a better question would open, and keeps quiet about everything else.</summary>
public sealed class CoachTests
{
    [Theory]
    [InlineData("The alert should have fired much earlier", "counterfactual")]
    [InlineData("We could’ve rolled back at 14:10", "counterfactual")]
    [InlineData("Had the canary run, the fault would have stayed in one zone", "counterfactual")]
    [InlineData("If we had tested the restore, nobody would have noticed", "counterfactual")]
    [InlineData("If only the runbook were shorter", "counterfactual")]
    [InlineData("Somebody forgot to renew the certificate", "omission")]
    [InlineData("The on-call engineer failed to escalate for twenty minutes", "omission")]
    [InlineData("marta@ ignored the warning of the deploy tool", "omission")]
    [InlineData("@marta didn't check the dashboard", "omission")]
    [InlineData("Sarah did not verify the backup", "omission")]
    [InlineData("They skipped the review because of the deadline", "omission")]
    [InlineData("The operator ran the wrong script", "omission")]
    [InlineData("A technician accidentally unplugged the second switch", "omission")]
    [InlineData("The developer merged it without testing the migration", "manner")]
    [InlineData("A sloppy change to the firewall", "character")]
    [InlineData("There was a lack of discipline in the release", "character")]
    [InlineData("Root cause: human error", "error-label")]
    [InlineData("An admin made a mistake in the zone file", "error-label")]
    [InlineData("The change procedure was not followed", "error-label")]
    [InlineData("It is the network team's fault", "blame")]
    [InlineData("The on-call was to blame", "blame")]
    [InlineData("In hindsight the limit was far too low", "hindsight")]
    [InlineData("It is unacceptable that this took an hour", "animated")]
    [InlineData("This is not the first time", "generalising")]
    public void Words_that_blame_or_describe_another_day_are_heard(string text, string rule)
    {
        var finding = Assert.Single(BlameLint.Check(text, CoachWords.English), f => f.Rule == rule && f.IsRaised);
        Assert.Contains('?', finding.Message);
        Assert.True(finding.Start >= 0 && finding.Length > 0 && finding.Start + finding.Length <= text.Length);
    }

    [Theory]
    [InlineData("The pods failed to get an address and kept restarting")]
    [InlineData("The extension ignored every timeout that was set")]
    [InlineData("Every table should have unique keys")]
    [InlineData("The queue should have more priority than the reports")]
    [InlineData("Lazy loading of the script hides the older version")]
    [InlineData("The region has two fault domains and tolerates a fault in one")]
    [InlineData("Everything worked as expected after the failover")]
    [InlineData("The disaster recovery site took over")]
    [InlineData("We checked if the proxy had restarted")]
    [InlineData("Users failed to log in for 40 minutes")]
    [InlineData("The rate of user errors (4xx) stayed at 2 %")]
    [InlineData("The job was deployed to production without load testing")]
    [InlineData("The redirect was not followed by the crawler")]
    [InlineData("git blame shows the change of March")]
    [InlineData("This makes it harder for engineers to accidentally delete a cluster")]
    [InlineData("We missed our SLO for the month")]
    [InlineData("We did not know yet which host it was")]
    [InlineData("The failure might have been caused by the upgrade")]
    public void Sentences_about_systems_are_left_alone(string text) => Assert.DoesNotContain(BlameLint.Check(text, CoachWords.English), f => f.IsRaised);

    [Theory]
    [InlineData("The upgrade of the proxy", "S1")]
    [InlineData("The upgrade of the proxy", "S6")]
    [InlineData("Monitoring was insufficient", "R2")]
    [InlineData("The index was dropped by accident during the cleanup of the old tables last week", "R3")]
    [InlineData("The deploy happened because the staging step was skipped, against policy, on that day", "R4")]
    [InlineData("The disk was full for a day, and nobody noticed until customers called the support line", "R5")]
    [InlineData("The cluster stopped for some reason that is still unclear", "S3")]
    [InlineData("Our provider had an outage of its load balancers in two zones that lasted for an hour", "S5")]
    public void Causes_that_stop_too_early_are_asked_on(string text, string rule)
    {
        var finding = Assert.Single(CauseLint.Check(text, CoachWords.English), f => f.Rule == rule);
        Assert.True(finding.IsRaised && finding.Message.Length > 0);
    }

    [Theory]
    [InlineData("Batch jobs reach production with no check of how many connections they open under load, and share one pool with the web servers")]
    [InlineData("The certificate's expiry is not monitored, so its renewal depends on a note in one person's calendar")]
    [InlineData("The deploy tool returns success although half of the hosts were not reached")]
    public void Causes_that_name_a_missing_control_are_left_alone(string text) => Assert.DoesNotContain(CauseLint.Check(text, CoachWords.English), f => f.IsRaised);

    [Theory]
    [InlineData("Better dashboards", "A8")]
    [InlineData("Load balancer in the second zone", "A1")]
    [InlineData("Created a ticket for the alert", "A3")]
    [InlineData("Can we see the audit log?", "A4")]
    [InlineData("We need to limit the batch pool to 100 connections", "A5")]
    [InlineData("Consider a second queue for batch jobs", "A6")]
    [InlineData("Investigate why the cache was cold", "A7")]
    [InlineData("Improve the alerting of the payment service", "A8")]
    [InlineData("Reduce the interval of the health check", "A9")]
    [InlineData("Remind everyone to run the checklist", "A10")]
    [InlineData("Keep an eye on the disk of the primary", "A11")]
    [InlineData("Create a ticket for the alert", "A13")]
    public void Items_that_cannot_be_finished_as_written_are_asked_about(string text, string rule)
    {
        var finding = Assert.Single(ActionLint.Check(text, CoachWords.English), f => f.Rule == rule);
        Assert.True(finding.IsRaised && finding.Message.Length > 0);
    }

    [Theory]
    [InlineData("Add an alert when the pool is above 80 % for five minutes")]
    [InlineData("Remove write access to the production bucket from the build role")]
    [InlineData("Document in the runbook how to restore a single table from the nightly backup")]
    [InlineData("Limit batch jobs to 100 connections in `pgbouncer.ini`")]
    [InlineData("Run the restore test every night and page when it fails")]
    public void Items_with_a_verb_and_an_end_are_left_alone(string text) => Assert.DoesNotContain(ActionLint.Check(text, CoachWords.English), f => f.IsRaised);

    [Theory]
    [InlineData("Adding an alert at 80 % pool use", "A2", "Add an alert at 80 % pool use")]
    [InlineData("Setting the limit of the pool to 100", "A2", "Set the limit of the pool to 100")]
    [InlineData("Rotating the token every 30 days", "A2", "Rotate the token every 30 days")]
    [InlineData("We should limit the batch pool to 100 connections", "A5", "Limit the batch pool to 100 connections")]
    public void Some_texts_only_want_another_beginning(string text, string rule, string rewrite) =>
        Assert.Equal(rewrite, Assert.Single(ActionLint.Check(text, CoachWords.English), f => f.Rule == rule).Rewrite);

    [Fact]
    public void Any_text_at_all_is_read_without_a_fault()
    {
        var random = new Random(7);
        var pieces = new[] { "we ", "should ", "have ", "@ann ", "ann@ ", "Sarah ", "not ", "never ", "the ", "👩‍👩‍👧 ", "\n", "!!! ", "é", "(", ")", "[", "`x` ", "failed to ", "checked ", "in hindsight, ", "没有 ", "'", "’", "no ", "alert ", "by ", "mistake ", new string('a', 400), "" };
        for (var i = 0; i < 400; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(0, 40)).Select(_ => pieces[random.Next(pieces.Length)]));
            foreach (var finding in BlameLint.Check(text, CoachWords.English).Concat(CauseLint.Check(text, CoachWords.English)).Concat(ActionLint.Check(text, CoachWords.English)))
            {
                Assert.True(finding.Start >= 0 && finding.Start + finding.Length <= text.Length, text);
            }
        }
    }

    [Fact]
    public void Every_rule_asks_a_question() => Assert.All(CoachWords.English.Rules, r => Assert.Contains("?", r.Message, StringComparison.Ordinal));

    [Fact]
    public void Every_pattern_of_the_shipped_words_can_be_read() => Assert.All(CoachWords.English.Patterns, p => Assert.DoesNotMatch(p.Pattern, ""));

    [Fact]
    public async Task A_labelled_file_is_measured()
    {
        await using var database = await TestDatabase.CreateAsync(IncidentBot.Storage.DatabaseProvider.Sqlite);
        var file = Path.Combine(database.DataDirectory, "items.tsv");
        Directory.CreateDirectory(database.DataDirectory);
        await File.WriteAllTextAsync(file, "# label, text, source\nok\tAdd an alert at 80 % pool use\tme\nvague\tImprove the alerting\tme\nvague\tAdding tests\n");
        var (exit, table, _) = await BotProcess.RunAsync("lint", file, "--kind", "action");
        Assert.Equal(0, exit);
        Assert.Matches(@"vague\s+2\s+2\s+1\.00\s+recall", table);
        Assert.Matches(@"ok\s+1\s+0\s+0\.00\s+wrong alarms", table);

        var (_, lines, _) = await BotProcess.RunAsync("lint", file, "--kind", "action", "--json");
        var all = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal([2, 3, 4], all.Select(l => l.GetProperty("line").GetInt32()));
        var second = Assert.Single(all[1].GetProperty("findings").EnumerateArray(), f => f.GetProperty("rule").GetString() == "A8");
        Assert.Equal(("error", "vague", "Improve the alerting"), (second.GetProperty("level").GetString(), all[1].GetProperty("label").GetString(), all[1].GetProperty("text").GetString()));

        Assert.Equal(2, (await BotProcess.RunAsync("lint", file, "--kind", "poetry")).ExitCode);
        Assert.Equal(1, (await BotProcess.RunAsync("lint", file + ".not", "--kind", "blame")).ExitCode);
    }
}
