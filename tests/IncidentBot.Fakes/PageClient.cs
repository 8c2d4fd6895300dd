using System.Net;
using System.Text.RegularExpressions;
using IncidentBot.Core.Chat;
using Microsoft.AspNetCore.Mvc.Testing;

namespace IncidentBot.Fakes;

/// <summary>A browser without scripts: it keeps cookies, reads pages and sends their forms.</summary>
public sealed partial class PageClient(BotUnderTest bot, string host = "http://127.0.0.1:5080") : IDisposable
{
    public HttpClient Http { get; } = bot.CreateClient(new WebApplicationFactoryClientOptions { BaseAddress = new Uri(host), AllowAutoRedirect = false, HandleCookies = true });

    /// <summary>The path of the link that the bot sends someone who asks for one.</summary>
    public static async Task<string> LinkAsync(RoomDriver chat, string who)
    {
        await chat.CommandAsync(who, "web");
        await chat.SettleAsync();
        var card = (await chat.SeesAsync(who, chat.DirectRoom(who))).Last(m => m.Words.Contains("Your link", StringComparison.Ordinal)).Card!;
        return new Uri(card.Parts.OfType<TextPart>().SelectMany(p => p.Text.Spans).Single(s => s.Kind == SpanKind.Link).Target!).AbsolutePath;
    }

    /// <summary>Opens a session as someone, through a link.</summary>
    public async Task SignInAsync(RoomDriver chat, string who)
    {
        var (status, page) = await GetAsync(await LinkAsync(chat, who));
        if (status != HttpStatusCode.OK)
        {
            throw new InvalidOperationException($"The link answered {(int)status}.");
        }

        using var opened = await SendAsync(page, "/session/");
        if (opened.StatusCode != HttpStatusCode.Redirect)
        {
            throw new InvalidOperationException($"The session was not opened: {(int)opened.StatusCode}.");
        }
    }

    public async Task<(HttpStatusCode Status, string Page)> GetAsync(string path)
    {
        using var response = await Http.GetAsync(path);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Sends the first form of a page whose action begins with the given path, as it stands there.</summary>
    public Task<HttpResponseMessage> SendAsync(string page, string action)
    {
        var form = Forms().Matches(page).First(f => f.Groups["action"].Value.StartsWith(action, StringComparison.Ordinal));
        var values = Fields().Matches(form.Value).ToDictionary(f => f.Groups["name"].Value, f => WebUtility.HtmlDecode(f.Groups["value"].Value));
        return Http.PostAsync(form.Groups["action"].Value, new FormUrlEncodedContent(values));
    }

    public void Dispose() => Http.Dispose();

    [GeneratedRegex("""<form [^>]*action="(?<action>[^"]+)".*?</form>""", RegexOptions.Singleline)]
    private static partial Regex Forms();

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)"[^>]*>""")]
    private static partial Regex Fields();
}
