import ImageFileSystem
import Printable
import Testing

@testable import ImageAuditor
@testable import bindery

@Suite("What an audit's text says of one fact")
struct FindingLineTests {
    private static func finding(
        _ code: FindingCode,
        _ path: String?,
        _ message: String = "m",
        found: String? = nil
    ) -> Finding {
        Finding(code, layer: 0, path: path.map { FilePath($0) }, message, found: found, expected: "e")
    }

    @Test("an altered file that is started is one line")
    func altered() throws {
        let lines = FindingLine.lines(of: [
            Self.finding(.otherBytes, "/agent", "its bytes are of no release", found: "f"),
            Self.finding(.altered, "/agent", "its code is that of agent 1"),
            Self.finding(.entrypointUnknown, "/agent", "'/agent' is started, and is not a released file"),
            Self.finding(.further, nil, "1 file is neither released nor of a known base", found: "1"),
        ])
        try #require(lines.count == 1)
        #expect(lines[0].codes == "BND020 BND027 BND042 BND028")
        #expect(lines[0].message.text == "its bytes are of no release; its code is that of agent 1; it is started")
        #expect(lines[0].place == "/agent, layer 1")
        #expect(lines[0].difference?.found == "f")
    }

    @Test("other files, other facts and counts of several files keep their lines")
    func separate() {
        let lines = FindingLine.lines(of: [
            Self.finding(.otherBytes, "/agent"),
            Self.finding(.otherBytes, "/other"),
            Self.finding(.setID, "/agent"),
            Self.finding(.further, nil, found: "2"),
        ])
        #expect(lines.map(\.codes) == ["BND020", "BND020", "BND030", "BND028"])
    }

    @Test("one further file beside a replaced one is told apart from it")
    func replaced() {
        let lines = FindingLine.lines(of: [
            Self.finding(.shadowed, "/agent"), Self.finding(.further, nil, found: "1"),
        ])
        #expect(lines.map(\.codes) == ["BND021", "BND028"])
    }

    @Test("a finding alone says what it says")
    func alone() {
        let lines = FindingLine.lines(of: [Self.finding(.entrypointUnknown, "/sh", "'sh' is started, and is …")])
        #expect(lines.map(\.message.text) == ["'sh' is started, and is …"])
    }
}
