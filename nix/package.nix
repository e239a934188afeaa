# Not yet built against a current nixpkgs: attribute names and hooks are as its documentation has them.
{
  lib,
  stdenv,
  cmake,
  ninja,
  pkg-config,
  cmocka,
  json_c,
  libcap_ng,
  libseccomp,
  libxau,
  systemdLibs,
  util-linux,
  xdg-dbus-proxy,
}:

stdenv.mkDerivation {
  pname = "claude-sandbox";
  version = "0.1.0";

  # Without nix/ and the documents, so that a change there does not rebuild.
  src = lib.fileset.toSource {
    root = ../.;
    fileset = lib.fileset.unions [
      ../CMakeLists.txt
      ../base
      ../forward
      ../init
      ../mounts
      ../runtime
      ../tests
    ];
  };

  strictDeps = true;
  nativeBuildInputs = [
    cmake
    ninja
    pkg-config
  ];
  buildInputs = [
    json_c
    libcap_ng
    libxau
    libseccomp # for a program that runs during the build; nothing installed links it
    systemdLibs
    util-linux # libmount
    stdenv.cc.libc.static # for PID 1
  ];
  cmakeFlags = [
    "-DINIT_LIBC=glibc"
    # NixOS has its set-user-ID programs here.
    "-DCLAUDE_SANDBOX_SUDO=/run/wrappers/bin/sudo"
    "-DCLAUDE_SANDBOX_DBUS_PROXY=${lib.getExe xdg-dbus-proxy}"
  ];

  doCheck = true;
  checkInputs = [ cmocka ];
  # The build sandbox has neither root nor the tools that the style checks want.
  checkPhase = ''
    runHook preCheck
    ctest --output-on-failure --no-tests=error -LE '^(root|e2e|lint|full|vm)$'
    runHook postCheck
  '';

  meta = {
    description = "Run Claude Code in a container that exists only for one run";
    license = lib.licenses.mit;
    platforms = [
      "x86_64-linux"
      "aarch64-linux"
    ];
    mainProgram = "claude-sandbox";
  };
}
