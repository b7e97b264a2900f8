import Foundation
import Testing

@testable import bindery

@Suite struct HeaderFileTests {
    private func fields(_ text: String) throws -> [String] {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("fields-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return try HeaderFile.fields(path).map { "\($0.name)=\($0.value)" }
    }

    @Test("each line is a field, but for empty ones and remarks")
    func lines() throws {
        #expect(
            try fields("# a token\nX-Token: a:b \r\n\nAuthorization:Bearer x\n") == [
                "X-Token=a:b ", "Authorization=Bearer x",
            ]
        )
        #expect(try HeaderFile.fields(nil).isEmpty)
    }

    @Test(
        "a line that is not a field is named",
        arguments: ["X-Token", ": a", "X Token: a", "X: a\u{1}b", "X\u{E9}: a"]
    )
    func refused(line: String) {
        let error = #expect(throws: UsageError.self) { try fields("A: b\n\(line)\n") }
        #expect(error?.description.contains("line 2") == true)
    }
}
