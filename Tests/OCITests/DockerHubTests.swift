import OCI
import Testing

@Suite struct DockerHubTests {
    @Test(arguments: [
        [
            "alpine:3", "docker.io/alpine:3", "docker.io/library/alpine:3", "index.docker.io/library/alpine:3",
            "library/alpine:3",
        ],
        ["alpine", "docker.io/alpine", "index.docker.io/alpine", "library/alpine", "docker.io/library/alpine:latest"],
        ["team/agent:1", "docker.io/team/agent:1", "index.docker.io/team/agent:1"],
    ])
    func spellingsAreOneName(texts: [String]) throws {
        let references = try texts.map { try ImageReference(parsing: $0) }
        #expect(Set(references.map(\.fullName)).count == 1)
        for reference in references {
            let names = reference.lookups.map(\.tagged)
            #expect(names.first == reference.tagged)
            #expect(Set(names).count == names.count)
            #expect(names.sorted() == references[0].lookups.map(\.tagged).sorted())
            for other in references { #expect(names.contains(other.tagged)) }
        }
    }

    @Test(arguments: [
        "registry.example/alpine:3", "registry.example/library/alpine:3", "localhost/alpine:3", "localhost:5000/alpine",
        "mirror.docker.io/library/alpine:3",
    ])
    func otherRegistriesHaveOneForm(text: String) throws {
        let reference = try ImageReference(parsing: text)
        #expect(reference.lookups == [reference])
        #expect(reference.normalized == reference)
    }

    @Test func officialImagesAreOfOnePart() throws {
        let names = try ImageReference(parsing: "library/a/b:1").lookups.map(\.description)
        #expect(names == ["library/a/b:1", "docker.io/library/a/b:1", "index.docker.io/library/a/b:1"])
    }
}
