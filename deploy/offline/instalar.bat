@echo off
rem Instala a Presenca desta pasta, sem internet: chama o instalar.ps1 que esta ao lado.
powershell.exe -NoProfile -ExecutionPolicy Bypass -File "%~dp0instalar.ps1" %*
set CODE=%ERRORLEVEL%
pause
exit /b %CODE%
