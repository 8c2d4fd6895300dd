using System.Text.Json.Serialization;

namespace IncidentBot.WebChat.Inbound;

/// <summary>An observation as the web chat stores it in the inbox.</summary>
/// <param name="Type">message, edit, delete, pin, unpin or join.</param>
/// <param name="Id">The message's id.</param>
/// <param name="At">When it was received, in UTC ticks.</param>
public sealed record StoredObservation(string Type, string Id, string Room, string? Thread, string By, long At, string? Text, IReadOnlyList<string>? Files = null);

/// <summary>A message to post; <paramref name="Id"/> is made by the sender, and the same id is stored once.</summary>
public sealed record PostMessage(string Id, string Room, string? Thread, string As, string Text, IReadOnlyList<string>? Files = null);

/// <summary>A change of a message: edit, delete, pin or unpin.</summary>
public sealed record ChangeMessage(string Id, string MessageId, string Room, string? Thread, string As, string? Text);

/// <summary>A command typed after a slash; <paramref name="Text"/> is what follows <c>/incident</c>.</summary>
public sealed record TypeCommand(string Id, string Room, string? Thread, string As, string Text, IReadOnlyList<string>? Files = null);

/// <summary>A button pressed.</summary>
public sealed record PressButton(string Id, string Room, string? Thread, string As, string Key, string? Value);

/// <summary>A form sent.</summary>
public sealed record SendForm(string Id, string Room, string? Thread, string As, string Key, string? Context, Dictionary<string, string> Values);

/// <summary>Someone opened a room.</summary>
public sealed record JoinRoom(string Room, string As);

/// <summary>Someone has read a room up to a message.</summary>
public sealed record ReadRoom(string Room, string As, long Seq);

/// <summary>Someone reacts to a message, or takes the reaction back.</summary>
public sealed record React(string MessageId, string Room, string As, string Emoji, bool On);

/// <summary>What goes over the wire, read and written without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredObservation))]
[JsonSerializable(typeof(PostMessage))]
[JsonSerializable(typeof(ChangeMessage))]
[JsonSerializable(typeof(TypeCommand))]
[JsonSerializable(typeof(PressButton))]
[JsonSerializable(typeof(SendForm))]
[JsonSerializable(typeof(JoinRoom))]
[JsonSerializable(typeof(ReadRoom))]
[JsonSerializable(typeof(React))]
internal sealed partial class WireJson : JsonSerializerContext;
