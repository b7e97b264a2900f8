import Testing

@testable import MountMonitor

@Suite struct WallTimeTests {
    /// Printed by `date -u -d @SECONDS +%FT%TZ`.
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"), (1_709_164_799, "2024-02-28T23:59:59Z"),
            (1_709_164_800, "2024-02-29T00:00:00Z"), (1_767_225_600, "2026-01-01T00:00:00Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
            (1_798_761_599, "2026-12-31T23:59:59Z"),
        ] as [(Int64, String)]
    )
    func datesAreThoseOfTheCalendar(seconds: Int64, text: String) {
        #expect(WallTime(seconds: seconds).rfc3339 == text)
    }

    @Test func millisecondsForLogLines() {
        #expect(WallTime(seconds: 0, nanoseconds: 7_999_999).rfc3339Milliseconds == "1970-01-01T00:00:00.007Z")
    }
}
