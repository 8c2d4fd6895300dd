using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace IncidentBot.Core.Facilitation.Scripts;

/// <summary>Reads and writes scripts as YAML, and says what is wrong with one.</summary>
public static class ScriptText
{
    private static readonly IDeserializer Reader = new DeserializerBuilder().WithNamingConvention(HyphenatedNamingConvention.Instance)
        .WithEnumNamingConvention(HyphenatedNamingConvention.Instance).Build();

    private static readonly ISerializer Writer = new SerializerBuilder().WithNamingConvention(HyphenatedNamingConvention.Instance)
        .WithEnumNamingConvention(HyphenatedNamingConvention.Instance).ConfigureDefaultValuesHandling(DefaultValuesHandling.OmitDefaults | DefaultValuesHandling.OmitNull | DefaultValuesHandling.OmitEmptyCollections).Build();

    /// <exception cref="FormatException">It is no script; the message says where and what to do.</exception>
    public static Script Read(string yaml, Func<string, Script?> others)
    {
        Script script;
        try
        {
            script = Reader.Deserialize<Script>(yaml) ?? throw new FormatException("The file is empty. Begin with `name:` and `phases:`, or take the shipped script as an example.");
        }
        catch (YamlException fault)
        {
            throw new FormatException($"Line {fault.Start.Line}: {(fault.InnerException ?? fault).Message}", fault);
        }

        var whole = script.Extends is null ? script
            : Join(others(script.Extends) ?? throw new FormatException($"extends: there is no script “{script.Extends}”. Shipped are default, security, near-miss and recurring."), script);
        return Complaint(whole) is { } complaint ? throw new FormatException(complaint) : whole;
    }

    /// <summary>The whole script as text, as a review keeps it.</summary>
    public static string Write(Script script) => Writer.Serialize(script);

    private static Script Join(Script basis, Script more)
    {
        var phases = basis.Phases.ToList();
        foreach (var phase in more.Phases)
        {
            var known = phases.FindIndex(p => p.Key == phase.Key);
            if (known >= 0)
            {
                // A question of the same key takes the place of the one that was there.
                var old = phases[known];
                phases[known] = new ScriptPhase
                {
                    Key = old.Key,
                    Title = phase.Title.Length > 0 ? phase.Title : old.Title,
                    Minutes = phase.Minutes > 0 ? phase.Minutes : old.Minutes,
                    Intro = phase.Intro ?? old.Intro,
                    Prompts = [.. old.Prompts.Select(p => phase.Prompts.Find(q => q.Key == p.Key) ?? p), .. phase.Prompts.Where(q => !old.Prompts.Exists(p => p.Key == q.Key))],
                };
                continue;
            }

            var after = phase.After is null ? phases.Count - 1 : phases.FindIndex(p => p.Key == phase.After);
            phases.Insert(after < 0 ? throw new FormatException($"phase {phase.Key}: there is no phase “{phase.After}” to come after.") : after + 1, phase);
        }

        return new Script { Name = more.Name.Length > 0 ? more.Name : basis.Name, Phases = phases };
    }

    private static string? Complaint(Script script)
    {
        if (script.Phases.Count == 0)
        {
            return "phases: there are none. A script wants at least one phase with one question.";
        }

        var keys = new HashSet<string>();
        foreach (var phase in script.Phases)
        {
            if (phase.Key.Length == 0 || phase.Title.Length == 0 || phase.Prompts.Count == 0)
            {
                return $"phase “{phase.Key}”: a phase wants key, title and at least one of prompts.";
            }

            foreach (var prompt in phase.Prompts)
            {
                if (prompt.Key.Length == 0 || !keys.Add(prompt.Key))
                {
                    return $"phase {phase.Key}: every prompt wants a key of its own; “{prompt.Key}” is missing or used twice.";
                }

                if (prompt.Ask.Length == 0 || (prompt.Fields.Count == 0 && !prompt.Poll))
                {
                    return $"prompt {prompt.Key}: it wants `ask` and at least one of `fields`.";
                }

                if (prompt.Silent && prompt.Fields.Exists(f => Filling.Kind(f.Fills) is not Incidents.FindingKind.Recollection))
                {
                    return $"prompt {prompt.Key}: what is asked in silence can only fill recollection; anything else would be printed before the others have answered.";
                }

                if (prompt.Fields.Find(f => f.Key.Length == 0 || f.Label.Length == 0 || !Filling.IsKnown(f.Fills)) is { } wrong)
                {
                    return $"prompt {prompt.Key}, field “{wrong.Key}”: it wants key, label and fills; “{wrong.Fills}” is not known. See the shipped script for what can be filled.";
                }
            }
        }

        return null;
    }
}
