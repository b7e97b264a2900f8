import NIOHTTP1
import Testing

@testable import MountMonitor

@Suite struct RetryAfterFieldTests {
    @Test(
        arguments: [
            ("7", nil, 7), ("-1", nil, 0), ("soon", nil, nil), ("", nil, nil),
            ("Sun, 06 Nov 1994 08:50:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", 60),
            // What the server's clock says counts, not this machine's.
            ("Mon, 01 Mar 2100 00:00:00 GMT", "Sun, 28 Feb 2100 23:59:59 GMT", 1),
            ("Sun, 06 Nov 1994 08:48:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", 0),
            ("Sun, 06 Nov 1994 08:50:37 GMT", nil, nil), ("Sun, 06 Nov 1994 08:50:37 GMT", "today", nil),
            ("Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", nil),
            ("Sun, 06 Now 1994 08:50:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", nil),
            ("Sun, 06 Nov 1994 24:50:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", nil),
        ] as [(String, String?, Int64?)]
    )
    func secondsOrADate(value: String, date: String?, seconds: Int64?) {
        var headers = HTTPHeaders([("Retry-After", value)])
        if let date { headers.add(name: "Date", value: date) }
        #expect(RetryAfterField.pause(headers) == seconds.map { .seconds($0) })
    }

    @Test func aMissingFieldIsNoPause() { #expect(RetryAfterField.pause(HTTPHeaders()) == nil) }
}
