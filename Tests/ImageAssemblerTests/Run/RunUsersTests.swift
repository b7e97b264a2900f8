import Testing

@testable import ImageAssembler

/// What `adduser`, `addgroup`, `useradd` and `groupadd` write: each case was seen of the program itself.
@Suite struct RunUsersTests {
    private static let day = RunFixture.day

    @Test(
        arguments: [
            (
                "adduser -D app", "app:x:1000:1000:Linux User,,,:/home/app:/bin/ash", "app:x:1000:",
                "2755 1000:1000 directory"
            ),
            (
                "adduser -S app", "app:x:100:65533:Linux User,,,:/home/app:/sbin/nologin", "nogroup:x:65533:app",
                "2755 100:65533 directory"
            ),
            (
                "addgroup -S app && adduser -S -G app app", "app:x:100:101:Linux User,,,:/home/app:/sbin/nologin",
                "app:x:101:app", "2755 100:101 directory"
            ),
            (
                "adduser -S -D -H -h /nonexistent -s /bin/sh -u 1000 app",
                "app:x:1000:65533:Linux User,,,:/nonexistent:/bin/sh", "nogroup:x:65533:app", nil
            ),
            (
                "addgroup -g 1000 app && adduser -u 1000 -G app -D -g '' app && addgroup app users",
                "app:x:1000:1000::/home/app:/bin/ash", "app:x:1000:app", "2755 1000:1000 directory"
            ),
            (
                "adduser app --disabled-password --no-create-home", "app:x:1000:1000:Linux User,,,:/home/app:/bin/ash",
                "app:x:1000:", nil
            ),
        ] as [(String, String, String, String?)]
    )
    func busybox(line: String, user: String, group: String, home: String?) throws {
        var fixture = try RunFixture.alpine()
        try fixture.run(line)
        #expect(fixture.lastLine("etc/passwd") == user)
        #expect(fixture.lastLine("etc/group") == group)
        #expect(fixture.lastLine("etc/shadow") == "app:!:\(Self.day):0:99999:7:::")
        #expect(fixture.at("home/app") == home)
        #expect(fixture.at("etc/passwd-") == "0644 0:0 file root:x:0:0:root:/root:/bin/ash\n")
    }

    @Test(
        arguments: [
            (
                "useradd -m -s /bin/bash app", "app:x:1000:1000::/home/app:/bin/bash", "app:x:1000:", "0:99999:7:::",
                "0755 1000:1000 directory"
            ),
            (
                "groupadd -r app && useradd -r -g app app", "app:x:999:999::/home/app:/bin/sh", "app:x:999:", ":::::",
                nil
            ),
            (
                "groupadd -g 1234 app && useradd -u 1234 -g app -d /srv/app -M -s /usr/sbin/nologin -c 'App user' app",
                "app:x:1234:1234:App user:/srv/app:/usr/sbin/nologin", "app:x:1234:", "0:99999:7:::", nil
            ),
            (
                "useradd --system --no-create-home --shell /bin/false app", "app:x:999:999::/home/app:/bin/false",
                "app:x:999:", ":::::", nil
            ),
            (
                "useradd -r -u 10001 -U -d /nonexistent app", "app:x:10001:999::/nonexistent:/bin/sh", "app:x:999:",
                ":::::", nil
            ),
            ("useradd -G users,daemon app", "app:x:1000:1000::/home/app:/bin/sh", "app:x:1000:", "0:99999:7:::", nil),
        ] as [(String, String, String, String, String?)]
    )
    func shadow(line: String, user: String, group: String, ages: String, home: String?) throws {
        var fixture = try RunFixture.debian()
        try fixture.run(line)
        #expect(fixture.lastLine("etc/passwd") == user)
        #expect(fixture.lastLine("etc/group") == group)
        #expect(fixture.lastLine("etc/gshadow") == "app:!::")
        #expect(fixture.lastLine("etc/shadow") == "app:!:\(Self.day):" + ages)
        #expect(fixture.lastLine("etc/subuid") == (ages == ":::::" ? nil : "app:100000:65536"))
        #expect(fixture.at("home/app") == home)
        if home != nil { #expect(fixture.at("home/app/.profile") == "0644 1000:1000 file profile\n") }
    }

    @Test(
        "Debian's adduser and addgroup",
        arguments: [
            (
                "adduser --disabled-password --gecos '' app", "app:x:1000:1000:,,,:/home/app:/bin/bash", "app:x:1000:",
                "0700 1000:1000 directory"
            ),
            (
                "adduser --system --group app", "app:x:100:101::/nonexistent:/usr/sbin/nologin", "app:x:101:", nil
            ),
            ("adduser --system app", "app:x:100:65534::/nonexistent:/usr/sbin/nologin", "nogroup:x:65534:", nil),
            (
                "addgroup --system --gid 200 app && adduser --system --uid 201 --ingroup app --home /home/app --shell /bin/sh app",
                "app:x:201:200::/home/app:/bin/sh", "app:x:200:", "0755 201:200 directory"
            ),
            (
                "addgroup app && adduser --quiet --disabled-login --gecos 'An App' --ingroup app --no-create-home app",
                "app:x:1000:1000:An App,,,:/home/app:/usr/sbin/nologin", "app:x:1000:", nil
            ),
        ] as [(String, String, String, String?)]
    )
    func debian(line: String, user: String, group: String, home: String?) throws {
        var fixture = try RunFixture.debian()
        try fixture.run("echo 'nogroup:x:65534:' >> /etc/group; echo 'nogroup:*::' >> /etc/gshadow")
        try fixture.run(line)
        #expect(fixture.lastLine("etc/passwd") == user)
        #expect(fixture.lastLine("etc/group") == group)
        #expect(fixture.at("home/app") == home)
        #expect(fixture.at("run/adduser") == "0644 0:0 file ")
    }

    @Test(
        "a user with a number outside of the range for users gets no subordinate ones",
        arguments: [
            ("useradd app", true), ("useradd -u 1000 app", true), ("useradd -u 60000 app", true),
            ("useradd -u 60001 app", false), ("useradd -u 65532 app", false), ("useradd -u 500 app", false),
            ("useradd -r -u 1000 app", false),
        ]
    )
    func subordinates(line: String, areThere: Bool) throws {
        var fixture = try RunFixture.debian()
        try fixture.run(line)
        for path in ["etc/subuid", "etc/subgid"] {
            #expect(fixture.lastLine(path) == (areThere ? "app:100000:65536" : nil))
        }
    }

    @Test(arguments: [
        "adduser app", "adduser -D root", "adduser -D App", "addgroup root", "adduser -D -G none app",
        "adduser -D -u 0 app",
    ])
    func refusedOfBusybox(line: String) throws {
        var fixture = try RunFixture.alpine()
        #expect(throws: RunRefusal.self) { try fixture.run(line) }
    }

    @Test(arguments: [
        "adduser app", "adduser --gecos '' app", "adduser --disabled-login --gecos 'a,b' app",
        "adduser --system --group --gid 5 app", "addgroup users", "useradd root", "useradd -g none app",
        "useradd -p x app", "groupadd users",
        "useradd -N app",
        // Another setting than Debian's, by which the program would do something else.
        "echo 'UMASK 077' >> /etc/login.defs; useradd app", "echo UID_MIN=2000 >> /etc/login.defs; groupadd app",
        "echo SHELL=/bin/bash > /etc/default/useradd; useradd app",
    ])
    func refusedOfDebian(line: String) throws {
        var fixture = try RunFixture.debian()
        #expect(throws: RunRefusal.self) { try fixture.run(line) }
    }
}
