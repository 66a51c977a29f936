# Tries on a real Windows what could not be tried without one (docs/install.md), in ten minutes, and writes down what came of it.
#
#   powershell -ExecutionPolicy Bypass -File try.ps1 -Setup .\Momsbud_VERSION_x64-setup.exe
#
# Nothing is sent anywhere: practice runs on this computer alone. Without -Setup what is installed already is tried.
param(
    [string] $Setup = "",
    [string] $Report = "$env:USERPROFILE\momsbud-try.txt"
)

$ErrorActionPreference = "Stop"
$folder = "$env:LOCALAPPDATA\Programs\Momsbud"
if (-not (Test-Path "$folder\momsbud.exe") -and (Test-Path "$env:ProgramFiles\Momsbud\momsbud.exe")) { $folder = "$env:ProgramFiles\Momsbud" }
$lines = New-Object System.Collections.Generic.List[string]
$failed = 0

function Say([string] $line) { $script:lines.Add($line); Write-Host $line }

# What a machine can see for itself.
function Look([string] $what, [scriptblock] $test) {
    try { $found = & $test } catch { $found = $false; Say "     $($_.Exception.Message)" }
    if ($found) { Say "ok   $what" } else { Say "NOT  $what"; $script:failed++ }
}

# What only a person can see.
function Ask([string] $do, [string] $question) {
    Write-Host ""
    Write-Host $do
    $answer = Read-Host "$question [y/n, s to skip]"
    switch -Regex ($answer) {
        "^[yj]" { Say "ok   $question" }
        "^s" { Say "-    $question (skipped)" }
        default { Say "NOT  $question"; $script:failed++ }
    }
}

$system = Get-CimInstance Win32_OperatingSystem
Say "Momsbud on $($system.Caption) $($system.Version), $env:PROCESSOR_ARCHITECTURE, $((Get-Culture).Name), $(Get-Date -Format s)"

if ($Setup -ne "") {
    $signature = Get-AuthenticodeSignature $Setup
    Say "     signature of the installer: $($signature.Status) $($signature.SignerCertificate.Subject)"
    $installer = Start-Process $Setup -ArgumentList "/S", "/ADDPATH" -Wait -PassThru
    Look "installed silently (status $($installer.ExitCode))" { $installer.ExitCode -eq 0 }
    $folder = "$env:LOCALAPPDATA\Programs\Momsbud"
}

$webview = "Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}"
$version = @("HKLM:\SOFTWARE\WOW6432Node\$webview", "HKCU:\Software\$webview") |
    ForEach-Object { (Get-ItemProperty $_ -ErrorAction SilentlyContinue).pv } | Select-Object -First 1
Say "     WebView2: $version"
Look "WebView2 is there" { $version -and $version -ne "0.0.0.0" }
Look "both programs say their version in their properties" {
    (Get-Item "$folder\momsbud.exe").VersionInfo.ProductName -eq "Momsbud" -and (Get-Item "$folder\momsbud-cli.exe").VersionInfo.ProductName -eq "Momsbud"
}
foreach ($scheme in "momsbud", "no.momsbud.desktop") {
    Look "$scheme`: opens this installation" {
        $command = (Get-ItemProperty "Registry::HKEY_CLASSES_ROOT\$scheme\shell\open\command").'(default)'
        $command -eq "`"$folder\momsbud.exe`" `"%1`""
    }
}
$cli = "$folder\momsbud-cli.exe"
Look "momsbud-cli starts" { (& $cli --version) -match "momsbud-cli" }
Say "     momsbud-cli doctor says:"
& $cli doctor --offline --lang en 2>&1 | ForEach-Object { Say "       $_" }
$deep = Join-Path $env:TEMP ("Momsbud prøve\" + (("en mappe med et langt navn på norsk\" * 8)))
Look "a return below a path of more than 260 letters is read" {
    [IO.Directory]::CreateDirectory("\\?\$deep") | Out-Null
    [IO.File]::WriteAllText("\\?\$($deep)melding æøå.xml", "<melding/>")
    & $cli check "$($deep)melding æøå.xml" 2>&1 | Out-Null
    # It is no return; that it was opened is what is looked at.
    $LASTEXITCODE -ne 0 -and -not ((& $cli check "$($deep)melding æøå.xml" --lang en 2>&1) -match "No such|cannot find")
}
foreach ($name in "CON", "NUL", "COM1") {
    Look "check $name ends by itself" {
        $process = Start-Process $cli -ArgumentList "check", $name -PassThru -WindowStyle Hidden
        $ended = $process.WaitForExit(20000)
        if (-not $ended) { $process.Kill() }
        $ended
    }
}
Look "what administrators decide lies where only they can write" {
    $place = "$env:ProgramData\Momsbud"
    if (-not (Test-Path $place)) { $true } else {
        $acl = Get-Acl $place
        $acl.Sddl -match "^O:(BA|SY)" -and -not ($acl.Access | Where-Object {
            $_.IdentityReference.Translate([Security.Principal.SecurityIdentifier]).Value -notin "S-1-5-18", "S-1-5-32-544", "S-1-3-0" -and
            ($_.FileSystemRights -band [Security.AccessControl.FileSystemRights]"Write, Delete, ChangePermissions, TakeOwnership") })
    }
}

Start-Process "$folder\momsbud.exe"
Ask "The window opens. Choose practice, sign in and file a sample return." "was the return filed, with a receipt?"
Ask "Did the browser open by itself, and did the window come to the front afterwards?" "did the way back from the browser work?"
Ask "Drag a return from Explorer onto the window." "was it taken?"
Ask "Open a receipt from the history." "did it open in the program for PDFs?"
Ask "Move the window to a screen with another scale, or change the scale." "is everything sharp and in its place?"
Ask "Start the screen reader (Ctrl+Win+Enter) and go through the window with Tab." "are fields and buttons read?"
Ask "Innstillinger: keep running in the tray. Close the window, then click the icon beside the clock." "did the window come back?"
Ask "Innstillinger: reminders, show one now." "was there a notification with Momsbud's name and picture?"
Ask "Right-click a return in Explorer, Open with." "is Momsbud offered?"
Ask "Innstillinger: start with Windows. Sign out and in again." "is it in the tray?"
Ask "Start the installer again while the window is open." "was it asked to close, and replaced?"

Say ""
Say $(if ($failed -eq 0) { "Everything as it should be." } else { "$failed not as they should be." })
# With a byte order mark, so that every editor reads it as what it is.
[IO.File]::WriteAllLines($Report, $lines, (New-Object Text.UTF8Encoding $true))
Write-Host "Written to $Report"
exit [Math]::Min($failed, 1)
