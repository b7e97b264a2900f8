import SystemIO
import Testing

/// Programs that are asked something on their standard input.
struct ChildProcessTests {
    private func ask(
        _ script: String,
        _ input: String = "",
        seconds: Double = 20,
        limit: Int = 1 << 20
    ) throws
        -> ChildProcess.Answer?
    {
        try ChildProcess.answer(
            of: "/bin/sh",
            ["-c", script],
            input: Array(input.utf8),
            seconds: seconds,
            limit: limit
        )
    }

    @Test(
        "a program reads its input and writes its answer, by descriptor or by name",
        arguments: ["cat", "cat /dev/stdin >/dev/stdout"]
    )
    func names(script: String) throws {
        let text = String(repeating: "a message\n", count: 20_000)
        let answer = try #require(try ask(script, text))
        #expect(answer.status == 0)
        #expect(String(decoding: answer.output, as: UTF8.self) == text)
    }

    @Test("one that reads nothing, or a part, answers all the same")
    func unread() throws {
        let text = String(repeating: "x", count: 1 << 20)
        for (script, wanted) in [("echo yes", "yes\n"), ("head -c 3; exit 7", "xxx")] {
            let answer = try #require(try ask(script, text))
            #expect(String(decoding: answer.output, as: UTF8.self) == wanted)
            #expect(answer.status == (script == "echo yes" ? 0 : 7))
        }
    }

    @Test("too long an answer, or none in time, is none")
    func bounds() throws {
        #expect(try ask("yes", limit: 1000) == nil)
        #expect(try ask("sleep 60", seconds: 0.2) == nil)
        #expect(throws: SystemError.self) {
            try ChildProcess.answer(of: "/no/such/program", [], input: [], seconds: 1, limit: 1)
        }
    }
}
