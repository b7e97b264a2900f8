import Testing

@testable import bindery

@Suite struct TableTests {
    private static func table() -> Table {
        var table = Table(
            [("PATH", .path), ("IS", .left), ("SIZE", .right), ("DIGEST", .left)],
            leftOut: ["DIGEST", "SIZE"]
        )
        table.add(
            "/usr/lib/x86_64-linux-gnu/perl/5.36/auto/Encode/Symbol/Symbol.so",
            "unknown",
            "1.0 kB",
            "sha256:1234"
        )
        table.add("/agent", "agent 1.2.3 linux/amd64", "38.4 MB", "sha256:5678")
        return table
    }

    @Test func aPipeGetsEverything() {
        let lines = Self.table().lines(columns: nil)
        #expect(lines[1].contains("/auto/Encode/Symbol/Symbol.so  unknown") && lines[2].hasSuffix("sha256:5678"))
    }

    @Test(arguments: [40, 60, 80, 120])
    func aTerminalGetsLinesThatFit(columns: Int) {
        for line in Self.table().lines(columns: columns) { #expect(line.count <= columns, "\(line)") }
    }

    @Test func pathsAreCutInTheMiddleBeforeAColumnIsLeftOut() {
        let lines = Self.table().lines(columns: 100)
        #expect(lines[0].hasSuffix("DIGEST") && lines[1].contains("…") && lines[1].contains("/Symbol.so"))
    }

    @Test func columnsAreLeftOutInTheirOrder() {
        #expect(Self.table().lines(columns: 66)[0].hasSuffix("SIZE"))
        #expect(Self.table().lines(columns: 56)[0].hasSuffix("IS"))
    }

    @Test func aNarrowTerminalGetsEveryRow() {
        let lines = Self.table().lines(columns: 24)
        #expect(lines.count == 3 && lines.allSatisfy { $0.count <= 24 })
    }

    @Test func thereIsNoTitleWithoutRows() {
        #expect(Table([("A", .left)]).lines(columns: 80).isEmpty)
    }

    @Test(
        arguments: [
            (38_400_000, 100_000_000, 2.0, "copying ███████░░░░░░░░░░░░░ 38 % of 100 MB, 19.2 MB/s, 4 s left"),
            (5_000_000, nil, 2.0, "copying 5.0 MB, 2.5 MB/s"),
            (1, Int64.max, 1.0, "copying ░░░░░░░░░░░░░░░░░░░░ 0 % of 9.2 EB, 1 B/s, 278 h left"),
        ] as [(Int64, Int64?, Double, String)]
    )
    func aBarSaysHowMuchHowFastAndHowLong(done: Int64, total: Int64?, seconds: Double, line: String) {
        #expect(Progress.line("copying", done: done, total: total, seconds: seconds) == line)
    }

    @Test(arguments: [
        (79, "compressing ███████░░░░░░░░░░░░░ 38 % of 100 MB, 19.2 MB/s, 4 s left"),
        (59, "compressing ███░░░░░░░ 38 % of 100 MB, 19.2 MB/s, 4 s left"),
        (50, "compressing 38 % of 100 MB, 19.2 MB/s, 4 s left"), (40, "compressing 38 % of 100 MB, 4 s left"),
    ])
    func aBarFitsItsColumns(columns: Int, line: String) {
        let text = Progress.line("compressing", done: 38_400_000, total: 100_000_000, seconds: 2, columns: columns)
        #expect(text == line)
        #expect(text.count <= columns)
    }
}
