import Dockerfile
import Testing

@Suite struct ShellLineTests {
    private static let variables = ["USER": "app", "EMPTY": "", "TWO": "a b", "STAR": "*", "DIR": "/srv/app-1.0"]

    private static func words(_ text: String) throws -> [[String]] {
        try ShellLine(parsing: text, variables: variables).commands.map(\.words)
    }

    @Test(arguments: [
        ("mkdir -p /a", [["mkdir", "-p", "/a"]]),
        ("mkdir /a && chmod 755 /a", [["mkdir", "/a"], ["chmod", "755", "/a"]]),
        ("set -e; mkdir /a; touch /a/b", [["set", "-e"], ["mkdir", "/a"], ["touch", "/a/b"]]),
        ("mkdir 'a b' \"c d\"e", [["mkdir", "a b", "c de"]]),
        ("mkdir /a # && rm /b", [["mkdir", "/a"]]),
        ("mkdir /a#b", [["mkdir", "/a#b"]]),
        ("# nothing", []),
        ("chown $USER:${USER} $DIR", [["chown", "app:app", "/srv/app-1.0"]]),
        ("echo \"$TWO\" '$TWO'", [["echo", "a b", "$TWO"]]),
        ("echo \"\"", [["echo", ""]]),
        (#"printf "a\n\"\$b\\" x"#, [["printf", #"a\n"$b\"#, "x"]]),
        ("mkdir a&&mkdir b", [["mkdir", "a"], ["mkdir", "b"]]),
        ("mkdir a\nmkdir b", [["mkdir", "a"], ["mkdir", "b"]]),
        ("a || b", [["a"]]), ("a || b || c && d", [["a"], ["d"]]), ("a || b; c", [["a"], ["c"]]),
        ("a && b ||\n c\nd", [["a"], ["b"], ["d"]]), ("a 2>&1", [["a"]]), ("a b 2> /dev/null || c", [["a", "b"]]),
        ("a >/dev/null 2>&1; b", [["a"], ["b"]]),
        ("cat <<A\nb && c\nA\nd", [["cat"], ["d"]]),
    ])
    func plainCommandsAreRead(text: String, commands: [[String]]) throws {
        #expect(try Self.words(text) == commands)
    }

    @Test(arguments: [
        "a | b", "a || ", "|| a", "a & b", "(a)", "a $(b)", "a `b`", "a [b]", "a \\b", "a {b,c}",
        "a ~",
        "A=1 b", "A=1", "a < b", "a <<EOF", "a <<<b", "<<E\nE\n", "a <<$E\n$E\n", "a <<E <<F\nE\nF\n",
        "a || b <<E\nE\n", "a 2>b", "a 1>&2", "a 2>/dev/nullx", "a >*", "a &&", "&& a", "; a", "a >", "> a",
        "a > b > c", "a 'b",
        "a \"b", "a $TWO", "a $STAR", "a $EMPTY", "a $1", "a ${A:-b}", "a >& b", "a >| b", "a && && b", "! a",
    ])
    func whatNeedsAShellIsRefused(text: String) {
        #expect(throws: ShellLine.Refusal.self) { try Self.words(text) }
    }

    @Test func unknownVariablesAreNamed() {
        #expect(throws: ShellLine.Refusal.unset("NOT")) { try Self.words("mkdir $NOT") }
    }

    @Test(arguments: [
        ("cat <<E >/f\na $USER \\$X \\a \"b\"\n\tE\nE\n", "a app $X \\a \"b\"\n\tE\n"),
        ("cat >/f << 'E'\na $NOT `b`\nE", "a $NOT `b`\n"),
        ("cat <<-E >/f\n\ta\n\t\tb \n\tE\n", "a\nb \n"),
        ("cat <<E >/f\na \\\nb\nE\n", "a b\n"), ("cat <<E >/f\nE\n", ""),
    ])
    func hereDocumentsAreInput(text: String, input: String) throws {
        let commands = try ShellLine(parsing: text, variables: Self.variables).commands
        #expect(commands.map(\.input) == [input])
        #expect(commands.map(\.output?.path) == ["/f"])
    }

    @Test func quotedPatternsStandForThemselves() throws {
        let commands = try ShellLine(parsing: "rm /a/*.s? '*'/x\"?\"* '/b*'", variables: [:]).commands
        #expect(commands[0].words == ["rm", "/a/*.s?", "*/x?*", "/b*"])
        #expect(commands[0].patterns == [1: "/a/*.s?", 2: "\\*/x\\?*"])
    }

    @Test func outputGoesToFiles() throws {
        let line = try ShellLine(parsing: "echo a >/b && printf c>> d", variables: [:])
        #expect(line.commands.map(\.output?.path) == ["/b", "d"])
        #expect(line.commands.map(\.output?.isAppended) == [false, true])
    }
}
