using System.Net;
using System.Net.Mime;
using System.Text;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;

namespace BackupDistribuido.Hosting.Notices;

/// <summary>
/// Posts each notice to a URL, as <c>application/json</c>. A 2xx answer means delivered; 4xx other than 408 and 429 is
/// final. Redirections are not followed, no cookie is kept.
/// </summary>
internal sealed class WebhookTarget(Uri url) : INoticeTarget
{
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5)
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { { "User-Agent", "bdist" } },
    };

    /// <summary>Without its path and query: they are often the secret.</summary>
    public string Name => $"{url.Scheme}://{url.Authority}";

    public async Task<NoticeResult> SendAsync(Notice notice, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post,
            url)
        { Content = new StringContent(notice.Json, Encoding.UTF8, MediaTypeNames.Application.Json) };
        try
        {
            // The body of the answer is of no interest, and may be endless.
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel)
                .ConfigureAwait(false);
            if (response.IsSuccessStatusCode) return NoticeResult.Delivered;
            return new NoticeResult(NoticeReason.Answered((int)response.StatusCode),
                IsFinal: (int)response.StatusCode is >= 300 and < 500
                    && response.StatusCode is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests));
        }
        catch (HttpRequestException e)
        {
            return new NoticeResult(Reason.Of(e.InnerException ?? e));
        }
    }

    public void Dispose() => _client.Dispose();
}
