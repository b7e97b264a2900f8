import SBOM
import Testing

@Suite struct ModuleQueryTests {
    @Test(arguments: [
        ("golang.org/x/net", "v0.37.0" as String?, ModuleQuery.Answer.yes), ("golang.org/x/net@<0.38", "v0.37.0", .yes),
        ("golang.org/x/net@<0.38", "v0.38.0", .no), ("golang.org/x/net@<0.38", "v0.38.0-rc.1", .yes),
        ("golang.org/x/net@<=0.38", "v0.38.0", .yes), ("golang.org/x/net@v0.37.0", "v0.37.0", .yes),
        ("golang.org/x/net@=0.37", "v0.37.1", .no), ("golang.org/x/net@>1,<2", "v1.0.0", .no),
        ("golang.org/x/net@>=1,<2", "v1.9.9", .yes), ("golang.org/x/net@<1", nil, .unknown),
        ("golang.org/x/net@<1", "main", .unknown), ("golang.org/x/net", nil, .yes), ("golang.org/x", "v0.37.0", .no),
    ])
    func boundsAreOfSemanticVersions(_ text: String, _ version: String?, _ answer: ModuleQuery.Answer) throws {
        let module = ProgramModule(.go, "golang.org/x/net", version: version)
        #expect(try ModuleQuery(parsing: text).matches(module) == answer)
    }

    @Test func theStandardLibraryHasGoVersions() throws {
        let module = ProgramModule(.go, ProgramModule.standardLibrary, version: "go1.22.4")
        #expect(try ModuleQuery(parsing: "stdlib@<1.22.5").matches(module) == .yes)
        #expect(try ModuleQuery(parsing: "stdlib@go1.22.4").matches(module) == .yes)
        #expect(try ModuleQuery(parsing: "stdlib@>go1.22").matches(module) == .yes)
    }

    @Test(arguments: ["", "@<1", "a@", "a@<", "a@<x", "a@1,", "a@~1", "a@1.2.3.4"])
    func whatAsksForNothingIsAnError(_ text: String) {
        #expect(throws: ModuleQueryError.self) { try ModuleQuery(parsing: text) }
    }
}
