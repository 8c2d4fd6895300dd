using System.Net.Sockets;
using System.Text;

namespace IncidentBot.Benchmarks;

/// <summary>One kept connection that sends requests made beforehand: it costs little, so that what is measured is the bot.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 * 1024];

    public static async Task<RawClient> ConnectAsync(Uri to)
    {
        var client = new RawClient();
        await client._socket.ConnectAsync(to.Host, to.Port);
        return client;
    }

    /// <summary>The bytes of a request.</summary>
    public static byte[] Request(HttpRequestMessage request, Uri to)
    {
        var body = request.Content!.ReadAsByteArrayAsync().GetAwaiter().GetResult();
        var head = new StringBuilder($"POST {request.RequestUri} HTTP/1.1\r\nHost: {to.Authority}\r\nContent-Type: {request.Content.Headers.ContentType}\r\nContent-Length: {body.Length}\r\n");
        foreach (var (name, values) in request.Headers)
        {
            head.Append(name).Append(": ").Append(values.First()).Append("\r\n");
        }

        return [.. Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), .. body];
    }

    /// <summary>Sends a request and reads its answer to the end.</summary>
    /// <returns>The status.</returns>
    public async Task<int> SendAsync(ReadOnlyMemory<byte> request)
    {
        await _socket.SendAsync(request);
        var read = 0;
        while (true)
        {
            var count = await _socket.ReceiveAsync(_buffer.AsMemory(read));
            read += count;
            if (count == 0)
            {
                throw new IOException("The bot closed the connection.");
            }

            var end = _buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8);
            if (end < 0)
            {
                continue;
            }

            var head = Encoding.ASCII.GetString(_buffer, 0, end);
            if (head.Contains("chunked", StringComparison.OrdinalIgnoreCase) ? _buffer.AsSpan(0, read).EndsWith("0\r\n\r\n"u8) : read >= end + 4 + Length(head))
            {
                return int.Parse(head.AsSpan(9, 3));
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private static int Length(string head)
    {
        var at = head.IndexOf("Content-Length:", StringComparison.OrdinalIgnoreCase);
        return at < 0 ? 0 : int.Parse(head.AsSpan(at + 15, head.IndexOf('\r', at) is var end && end < 0 ? head.Length - at - 15 : end - at - 15));
    }
}
