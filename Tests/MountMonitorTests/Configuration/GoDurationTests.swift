import Printable
import Testing

@testable import MountMonitor

/// Both tables were printed by Go 1.25's `time.ParseDuration` and `Duration.String`.
@Suite struct GoDurationTests {
    @Test(
        "reads what Go reads, and writes it as Go does",
        arguments: [
            ("0", 0, "0s"),
            ("+0", 0, "0s"),
            ("-0", 0, "0s"),
            ("5s", 5_000_000_000, "5s"),
            ("30s", 30_000_000_000, "30s"),
            ("1478s", 1_478_000_000_000, "24m38s"),
            ("-5s", -5_000_000_000, "-5s"),
            ("+5s", 5_000_000_000, "5s"),
            ("5.0s", 5_000_000_000, "5s"),
            ("5.6s", 5_600_000_000, "5.6s"),
            ("5.s", 5_000_000_000, "5s"),
            (".5s", 500_000_000, "500ms"),
            ("1.0s", 1_000_000_000, "1s"),
            ("1.00s", 1_000_000_000, "1s"),
            ("1.004s", 1_004_000_000, "1.004s"),
            ("1.0040s", 1_004_000_000, "1.004s"),
            ("100.00100s", 100_001_000_000, "1m40.001s"),
            ("10ns", 10, "10ns"),
            ("11us", 11_000, "11µs"),
            ("12µs", 12_000, "12µs"),
            ("12μs", 12_000, "12µs"),
            ("13ms", 13_000_000, "13ms"),
            ("14s", 14_000_000_000, "14s"),
            ("15m", 900_000_000_000, "15m0s"),
            ("16h", 57_600_000_000_000, "16h0m0s"),
            ("3h30m", 12_600_000_000_000, "3h30m0s"),
            ("10.5s4m", 250_500_000_000, "4m10.5s"),
            ("-2m3.4s", -123_400_000_000, "-2m3.4s"),
            ("1h2m3s4ms5us6ns", 3_723_004_005_006, "1h2m3.004005006s"),
            ("1h2m3.5s", 3_723_500_000_000, "1h2m3.5s"),
            ("39h9m14.425s", 140_954_425_000_000, "39h9m14.425s"),
            ("52763797000ns", 52_763_797_000, "52.763797s"),
            ("0.3333333333333333333h", 1_200_000_000_000, "20m0s"),
            ("9007199254740993ns", 9_007_199_254_740_993, "2501h59m59.254740993s"),
            ("9223372036854775807ns", 9_223_372_036_854_775_807, "2562047h47m16.854775807s"),
            ("9223372036854775.807us", 9_223_372_036_854_775_807, "2562047h47m16.854775807s"),
            ("9223372036s854ms775us807ns", 9_223_372_036_854_775_807, "2562047h47m16.854775807s"),
            ("-9223372036854775808ns", -9_223_372_036_854_775_808, "-2562047h47m16.854775808s"),
            ("-9223372036854775.808us", -9_223_372_036_854_775_808, "-2562047h47m16.854775808s"),
            ("-9223372036s854ms775us808ns", -9_223_372_036_854_775_808, "-2562047h47m16.854775808s"),
            ("0.100000000000000000000h", 360_000_000_000, "6m0s"),
            ("0.830103483285477580700h", 2_988_372_539_827, "49m48.372539827s"),
            ("0.9223372036854775807s", 922_337_203, "922.337203ms"),
            ("1s1s", 2_000_000_000, "2s"),
            ("00s", 0, "0s"),
            ("007s", 7_000_000_000, "7s"),
            ("1.5h", 5_400_000_000_000, "1h30m0s"),
            ("2540400h10m10.000000000s", 9_145_440_610_000_000_000, "2540400h10m10s"),
            ("0.0000000001s", 0, "0s"),
            ("1µs1ms", 1_001_000, "1.001ms"),
        ] as [(String, Int64, String)]
    )
    func reads(text: String, nanoseconds: Int64, canonical: String) throws {
        let duration = try GoDuration(parsing: text)
        #expect(duration.nanoseconds == nanoseconds)
        #expect(duration.description == canonical)
        #expect(try GoDuration(parsing: canonical) == duration)
    }

    @Test(
        "refuses what Go refuses",
        arguments: [
            "",
            "3",
            "-",
            "s",
            ".",
            "-.",
            ".s",
            "+.s",
            "1d",
            "1e3s",
            "3000000h",
            "9223372036854775808ns",
            "9223372036854775.808us",
            "9223372036854ms775us808ns",
            "-9223372036854775809ns",
            "--5s",
            "+-5s",
            "1 s",
            " 1s",
            "1s ",
            "1S",
            "1M",
            "1h2",
            "1,5s",
            "\u{0085}1s",
            "1h\u{0}",
            "1w",
            "0.5",
            "00",
            "0x10s",
            "NaNs",
            "infs",
            "1..5s",
            "1.5.5s",
        ]
    )
    func refuses(text: String) {
        #expect(throws: GoDurationText.Problem.self) { try GoDuration(parsing: text) }
    }

    @Test func saysWhatIsWrong() {
        #expect(throws: GoDurationText.Problem.missingUnit) { try GoDuration(parsing: "3") }
        #expect(throws: GoDurationText.Problem.unknownUnit("d")) { try GoDuration(parsing: "1d") }
        #expect(throws: GoDurationText.Problem.outOfRange) { try GoDuration(parsing: "3000000h") }
        #expect(throws: GoDurationText.Problem.invalid) { try GoDuration(parsing: "") }
    }

    @Test func sumsAndProductsStayInTheRange() {
        let longest = GoDuration(nanoseconds: .max)
        #expect(longest + .seconds(1) == longest)
        #expect(GoDuration(nanoseconds: .min) + .seconds(-1) == GoDuration(nanoseconds: .min))
        #expect(longest * 2 == longest)
        #expect(GoDuration.milliseconds(100) * 2 == .milliseconds(200))
    }
}
