import OCI
import Testing

@Suite struct TimestampTests {
    // The milliseconds are those that `date -u -d TEXT +%s` of GNU coreutils gives.
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (1_795_509_720_123, "2026-11-24T08:42:00.123Z"),
            (951_782_400_000, "2000-02-29T00:00:00Z"), (4_107_542_399_000, "2100-02-28T23:59:59Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (-62_135_596_800_000, "0001-01-01T00:00:00Z"),
        ] as [(Int64, String)]
    )
    func writesAndReadsRFC3339(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).rfc3339 == text)
        #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test func digitsBelowMillisecondsAreCutOff() {
        #expect(Timestamp(rfc3339: "2015-10-31T22:22:56.015925234Z")?.milliseconds == 1_446_330_176_015)
        #expect(Timestamp(rfc3339: "2015-10-31T22:22:56.5Z")?.milliseconds == 1_446_330_176_500)
    }

    @Test(arguments: [
        "", "2026", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00",
        "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+01:00", "2026-01-01T00:00:00.12345678901234567890Z",
    ])
    func anythingElseIsNoTime(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }
}
